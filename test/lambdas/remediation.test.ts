import { beforeEach, expect, it } from 'vitest';
import { HUB, hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { user } from './repair-script.ts';
import { LOCK, row } from './seed.ts';

const before = { Rules: ['open'] };
const repaired = { Rules: ['low', 'high'] };

let resources: LiveResources;
beforeEach(() => {
  resources = new LiveResources();
  resources.live = before;
  hub.deploy(resources.control());
});

/** Admits the call that opened the rule. */
async function admit(): Promise<string> {
  const { account, region } = { account: '222222222222', region: 'eu-west-1' };
  const call = { source: 'cloudtrail', event: 'v', account, region, control: 'rules', resource: 'x' } as const;
  return (await hub.invoke('admit', { event: { evenkeel: { ...call, actor: user('mallory') } }, machine: 'm' }))
    .execution;
}
const phases = () => hub.records.map(({ phase, outcome }) => [phase, outcome].filter(Boolean).join(' '));

it('repairs a violation from the event to the outcome, with a record of each step', async () => {
  const execution = await admit();
  expect(await hub.invoke('plan', { execution })).toEqual({ execution, next: 'repair' });
  expect(await hub.invoke('repair', { execution })).toEqual({ execution, next: 'settle' });
  await hub.invoke('settle', { execution });
  expect(resources.live).toEqual(repaired);
  expect(phases()).toEqual(['plan', 'repair repaired']);
  expect(hub.published).toMatchObject([{ type: 'Evenkeel Outcome', detail: { outcome: 'repaired', execution } }]);
  expect(row(execution)).toMatchObject({ phase: 'settled', undigested: execution });
  expect(hub.row(LOCK)).toBeUndefined();
  expect([...hub.table.rows.keys()].filter((pk) => pk.startsWith('permit#'))).toEqual([]);
});

it('repairs a violation after approval by another person than its actor', async () => {
  hub.account.modes = { rules: 'approve' };
  const execution = await admit();
  expect(await hub.invoke('plan', { execution })).toEqual({ execution, next: 'approve' });
  await hub.invoke('approve', { execution, token: 'token' });
  const path = { execution };
  const { said } = await hub.call('decide', 'GET /executions/{execution}', { path });
  const decide = (person: string) =>
    hub.call('decide', 'POST /executions/{execution}/approval', {
      path,
      body: { reason: 'seen', plan: said.plan },
      user: person,
    });
  expect((await decide('mallory')).said.because).toMatchObject([{}, { code: 'own-change' }]);
  expect(await decide('alice')).toMatchObject({ status: 200, said: { by: `user/${HUB}/alice`, missing: 0 } });
  expect(hub.resumed).toEqual(['token']);
  expect(await hub.invoke('repair', { execution })).toEqual({ execution, next: 'settle' });
  await hub.invoke('settle', { execution });
  expect(resources.live).toEqual(repaired);
  expect(phases()).toEqual(['plan', 'decision', 'repair repaired']);
});
