const PARTITIONS: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
];

/** The partition of a region, from the region's prefix. */
export const partitionOf = (region: string): string =>
  PARTITIONS.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';

/** The region in which a partition's global services publish their CloudTrail events. */
export const globalRegionOf = (region: string): string =>
  ({ aws: 'us-east-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' })[partitionOf(region)] ?? region;

/** The domain of AWS's endpoints in a partition. */
export const urlSuffixOf = (partition: string): string =>
  partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';

/**
 * Whether X-Ray traces Lambda functions in a partition; it does not in China.
 * @see https://docs.amazonaws.cn/en_us/aws/latest/userguide/lambda.html
 */
export const lambdaHasTraces = (partition: string): boolean => partition !== 'aws-cn';
