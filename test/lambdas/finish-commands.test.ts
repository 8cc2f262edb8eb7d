import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ExecutionRow } from '../../lambdas/store/execution-row.ts';
import { FINISH_COMMANDS } from '../../lib/events/api.ts';
import { failWith } from './fake-aws.ts';
import { hub, target } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { recordOf, seed, UNDONE } from './seed.ts';

const say = (route: string, requestId = 'r') =>
  hub.call('command', route, {
    body: { reason: 'an incident' },
    requestContext: { requestId, authorizer: { iam: { userArn: 'arn:aws:iam::111111111111:user/alice' } } },
  });
const halt = () => say('POST /halt');
/** Finishes commands, as the schedule does. */
const finish = async () => (await hub.call('command', FINISH_COMMANDS)).said;

const vaultFails = () => hub.on('PutObject', failWith('SlowDown'));
const busFails = () => hub.on('PutEvents', failWith('InternalException', 'no bus'));
const published = () => hub.published.map(({ detail }) => detail);
const evidence = () => published().map((detail) => ('evidence' in detail ? detail.evidence : undefined));
const kinds = () => hub.published.map(({ type, detail }) => (type === 'Evenkeel Command' ? detail.kind : type));
const keyOf = (event: string) => {
  const row = [...hub.table.rows.values()].find((one) => one.event === event);
  const [record] = (row?.records ?? []) as ExecutionRow['records']; // as a command is registered
  return record?.key ?? '';
};

/** Sends a command whose function crashes after it was registered. */
async function crashAt(moment: string, route: string, requestId: string): Promise<void> {
  vi.useFakeTimers({ now: new Date(moment), toFake: ['Date'] });
  vaultFails();
  await expect(say(route, requestId)).rejects.toThrow('SlowDown');
  hub.off('PutObject');
}

beforeEach(() => hub.deploy(new LiveResources().control()));

describe('a command whose function crashes after it was registered', () => {
  it('is recorded and published by a later run', async () => {
    vaultFails();
    await expect(halt()).rejects.toThrow('SlowDown');
    expect(hub.row('halt')).toBeDefined();
    await expect(finish()).rejects.toThrow('SlowDown'); // the next run retries it
    hub.off('PutObject');
    expect(await finish()).toEqual({ finished: 1 });
    const [[key] = ['']] = hub.vault;
    expect(key).toMatch(/-command\.json$/);
    const [{ at, command } = {}] = hub.records;
    expect(command).toMatchObject({ kind: 'halt', reason: 'an incident' });
    expect(published()).toEqual([{ version: '1', ...command, at, evidence: key }]);
    expect(await finish()).toEqual({ finished: 0 });
  });

  it('starts its rollback in a later run', async () => {
    const rollback = { execution: UNDONE, holdDays: 14 };
    const record = recordOf({ phase: 'command', outcome: 'accepted', rollback });
    seed({ phase: 'settled', source: 'command', rollback, openAs: 'command' }, record);
    hub.vault.clear();
    await finish();
    expect(hub.started).toMatchObject([{ trigger: { source: 'rollback', resource: target.id } }]);
    expect(hub.vault.size).toBe(1);
  });
});

describe('several commands whose functions crashed', () => {
  beforeEach(async () => {
    await crashAt('2026-11-21T12:00:00.000Z', 'POST /halt', 'one');
    await crashAt('2026-11-21T12:01:00.000Z', 'DELETE /halt', 'two');
  });

  it('are all recorded while the event bus fails', async () => {
    busFails();
    await expect(finish()).rejects.toThrow('no bus');
    expect(hub.vault.size).toBe(2);
  });

  it('do not wait for one that cannot be written', async () => {
    const stuck = keyOf('one');
    hub.on('PutObject', ({ Key }: { readonly Key: string }, proceed) =>
      Key === stuck ? failWith('SlowDown')() : proceed(),
    );
    await expect(finish()).rejects.toThrow('SlowDown');
    expect(kinds()).toEqual(['resume']);
    hub.off('PutObject');
    expect(await finish()).toEqual({ finished: 1 });
    expect(kinds()).toEqual(['resume', 'halt']);
  });

  it('are published in the order in which they were given', async () => {
    const reversed = [...hub.table.rows].reverse();
    hub.table.rows.clear();
    for (const [pk, row] of reversed) hub.table.rows.set(pk, row);
    expect(await finish()).toEqual({ finished: 2 });
    expect(kinds()).toEqual(['halt', 'resume']);
    for (const detail of published()) expect(detail).not.toHaveProperty('target'); // both are about everything
  });
});

describe('a command that was carried out', () => {
  it('is recorded and published once', async () => {
    await halt();
    const done = [[...hub.vault], [...hub.published]];
    expect(await finish()).toEqual({ finished: 0 });
    expect([[...hub.vault], hub.published]).toEqual(done);
  });

  it('while the event bus failed is published later, and recorded once', async () => {
    busFails();
    await halt();
    const recorded = [...hub.vault];
    await expect(finish()).rejects.toThrow('no bus');
    hub.off('PutEvents');
    expect(await finish()).toEqual({ finished: 1 });
    expect(evidence()).toEqual(recorded.map(([key]) => key));
    expect([...hub.vault]).toEqual(recorded);
  });

  it('does not keep others from being finished when the vault holds another object under its key', async () => {
    vaultFails();
    await expect(halt()).rejects.toThrow();
    hub.off('PutObject');
    hub.vault.set(keyOf('r'), '{"something":"else"}');
    expect(await finish()).toEqual({ finished: 1 });
    expect(await finish()).toEqual({ finished: 0 });
    expect(hub.published).toEqual([]);
  });
});
