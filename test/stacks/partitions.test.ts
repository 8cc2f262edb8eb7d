import { describe, expect, it } from 'vitest';
import { appOf, example, HUB, MEMBER } from './synth.ts';

const PARTITIONS = {
  'aws-us-gov': { regions: ['us-gov-east-1', 'us-gov-west-1'], console: 'console.amazonaws-us-gov.com' },
  'aws-cn': { regions: ['cn-northwest-1', 'cn-north-1'], console: 'console.amazonaws.cn' },
} as const;

/** The templates of a hub and two accounts in the regions of a partition, by stack. */
function templatesIn(regions: readonly [string, ...string[]]) {
  const [region] = regions;
  const config = example({
    hub: { account: HUB, region },
    breakGlass: undefined,
    accounts: { [HUB]: { regions: [...regions] }, [MEMBER]: { regions: [...regions], recorder: 'create' } },
  });
  const { stacks } = appOf(config).synth();
  return stacks.map(({ id, template }) => [id, JSON.stringify(template)] as const);
}

/**
 * AWS names services by `<service>.amazonaws.com` in every partition: as principals, as the source of events and in the path of
 * roles of IAM Identity Center. Endpoints differ: they name a region, or stand in a URL.
 */
const SERVICE_NAME = /^(?:logging\.)?[a-z0-9]+\.amazonaws\.com$/;

describe.each(Object.entries(PARTITIONS))('the templates of %s', (partition, { regions, console }) => {
  const templates = templatesIn(regions);
  const matches = (pattern: RegExp) =>
    templates.flatMap(([id, template]) => [...template.matchAll(pattern)].map(([text]) => `${id}: ${text}`));

  it('name no ARN of another partition', () => {
    expect(templates).toHaveLength(7);
    const arns = matches(/arn:aws[a-z-]*:[^"\s]{0,60}/g);
    expect(arns.filter((arn) => !arn.includes(` arn:${partition}:`))).toEqual([]);
  });

  it('name no endpoint or console of another partition', () => {
    const hosts = matches(/(?:\/\/)?[\w.-]*\b(?:amazonaws|aws\.amazon)\.[\w.-]*/g);
    const others = hosts.filter((host) => {
      const [, name = ''] = host.split(': ');
      return !SERVICE_NAME.test(name) && !name.endsWith(console);
    });
    expect(others).toEqual([]);
  });

  it('name no region of another partition', () => {
    const found = matches(/\b(?:us|eu|ap|ca|sa|me|af|il|mx|cn)-(?:gov-)?(?:[a-z]+)-\d\b/g);
    const others = found.filter((one) => !regions.some((region) => one.endsWith(region)));
    expect(others).toEqual([]);
  });
});

it('have active tracing of functions, except in China, where Lambda has no X-Ray', () => {
  const traced = (regions: readonly [string, ...string[]]) =>
    templatesIn(regions).filter(([, template]) => template.includes('"TracingConfig":{"Mode":"Active"}')).length;
  expect(traced(PARTITIONS['aws-us-gov'].regions)).toBeGreaterThan(0);
  expect(traced(PARTITIONS['aws-cn'].regions)).toBe(0);
});
