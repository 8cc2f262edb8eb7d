import { RegionInfo } from 'aws-cdk-lib/region-info';
import { expect, it } from 'vitest';
import { partitionOf, urlSuffixOf } from '../../lib/model/aws.ts';

const known = RegionInfo.regions.filter(({ partition }) => partition);

it('knows the partition of every region that CDK knows', () => {
  expect(known.length).toBeGreaterThan(30);
  for (const { name, partition } of known) expect(partitionOf(name), name).toBe(partition);
});

it.each(['aws', 'aws-us-gov', 'aws-cn'])('knows the domain of the endpoints of %s', (partition) => {
  const suffixes = known.filter((region) => region.partition === partition).map(({ domainSuffix }) => domainSuffix);
  expect(new Set(suffixes)).toEqual(new Set([urlSuffixOf(partition)]));
});
