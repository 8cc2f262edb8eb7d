import { expect, it } from 'vitest';
import { example, get, HUB, MEMBER, synthesise } from './synth.ts';

const placesOf = (config: Parameters<typeof synthesise>[0]) =>
  new Map([...synthesise(config)].map(([id, { environment, resources }]) => [id, { environment, resources }]));
const accountsIn = (...regions: string[]) => ({ [HUB]: { regions }, [MEMBER]: { regions } });

it('the order of regions changes no place and no account stack', () => {
  const one = placesOf(example({ accounts: accountsIn('eu-west-1', 'eu-central-1') }));
  const other = placesOf(example({ accounts: accountsIn('eu-central-1', 'eu-west-1') }));
  expect([...other.keys()].sort()).toEqual([...one.keys()].sort());
  for (const [id, { environment }] of one) expect(other.get(id)?.environment, id).toEqual(environment);
  for (const account of [HUB, MEMBER]) expect(other.get(`Account-${account}`)).toEqual(one.get(`Account-${account}`));
});

it.each([
  ['eu-west-1', 'us-east-1'],
  ['us-gov-east-1', 'us-gov-west-1'],
  ['cn-northwest-1', 'cn-north-1'],
])('account stacks of a hub in %s are in the global region of its partition', (region, home) => {
  const stacks = synthesise(example({ hub: { account: HUB, region }, accounts: accountsIn(region) }));
  expect(get(stacks, `Account-${MEMBER}`).environment).toEqual({ account: MEMBER, region: home });
});

it('the config can name another region for account stacks', () => {
  const stacks = synthesise(example({ accounts: accountsIn('eu-west-1'), accountRegion: 'eu-central-1' }));
  expect(get(stacks, `Account-${MEMBER}`).environment.region).toBe('eu-central-1');
});
