import { describe, expect, it } from 'vitest';
import { explain } from '../../lib/text/reasons.ts';
import { aws, planAll, ROLLOUT, release, reviewed, round, scan, show, useBacklogScript } from './backlog-script.ts';
import { failWith } from './fake-aws.ts';
import { ACCOUNT, hub } from './hub.ts';
import { put } from './seed.ts';

useBacklogScript();

const commands = () => hub.records.filter(({ phase }) => phase === 'command');

describe('a release', () => {
  it.each<[string, () => ReturnType<typeof release>, number, RegExp]>([
    ['of another list', async () => release({ reason: 'seen', list: '0'.repeat(64) }), 409, /backlog has changed/],
    [
      'by an unknown person',
      async () => release({ reason: 'seen', list: await reviewed() }, 'arn:aws:sts::1:assumed-role/r/me'),
      403,
      /which person/,
    ],
    ['without a list', () => release({ reason: 'seen' }), 400, /list/],
    ['without a reason', () => release({ list: '0'.repeat(64) }), 400, /reason/],
  ])('%s is refused', async (_, act, status, refused) => {
    await round('r1');
    expect(await act()).toMatchObject({ status, said: { refused: expect.stringMatching(refused) } });
    expect([hub.started, commands()]).toEqual([[], []]);
    expect((await show()).status).toBe(200);
  });

  it('is refused when the mode was raised after the review', async () => {
    hub.account.modes = { rules: 'approve' };
    await round('r1');
    const list = await reviewed();
    hub.account.modes = { rules: 'auto' };
    await round('r2');
    expect(await release({ reason: 'seen', list })).toMatchObject({
      status: 409,
      said: { because: [{ code: 'backlog-changed' }] },
    });
    expect(await release({ reason: 'seen', list: await reviewed() })).toMatchObject({ status: 200 });
  });

  it('is refused when the backlog grew after the review', async () => {
    await round('r1');
    const list = await reviewed();
    const trigger = {
      source: 'config',
      event: 'v',
      account: ACCOUNT,
      region: 'a',
      control: 'rules',
      resource: 'late',
    } as const;
    aws.resources.violate('a', 'one', 'two', 'late');
    hub.started.push({ name: 'late', trigger });
    await planAll();
    expect((await release({ reason: 'seen', list })).status).toBe(409);
  });

  it('is made once when two arrive at the same time', async () => {
    await round('r1');
    const list = await reviewed();
    const answers = await Promise.all([release({ reason: 'seen', list }), release({ reason: 'seen', list })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(hub.started).toHaveLength(3);
  });

  it('of an unknown backlog is refused', async () => {
    expect((await show()).status).toBe(404);
  });
});

describe('when the state table fails', () => {
  it('nothing is started or planned', async () => {
    for (const operation of ['Get', 'BatchGet', 'Query', 'Update', 'TransactWrite'])
      hub.on(operation, failWith('ProvisionedThroughputExceededException'));
    await expect(scan('a', 'r1')).rejects.toThrow('Throughput');
    expect(hub.started).toEqual([]);
    await expect(hub.invoke('plan', { execution: 'e' })).rejects.toThrow('Throughput');
  });

  const meanwhile = (item: object) =>
    hub.on('TransactWrite', (_input, proceed) => {
      hub.off('TransactWrite');
      put(ROLLOUT, item);
      return proceed();
    });

  it('a sweep does not overwrite a concurrent release', async () => {
    await round('r1');
    const known = hub.row(ROLLOUT);
    const released = { by: 'alice', at: 'now', reason: 'seen' };
    meanwhile({ ...known, released, version: Number(known?.version) + 1 });
    await scan('a', 'r2');
    expect(hub.row(ROLLOUT)).toMatchObject({ released: { by: 'alice' } });
  });

  it('a sweep does not overwrite a concurrent rollout', async () => {
    const first = explain({ code: 'parameters-changed' });
    const rollout = { mode: 'auto', parameters: '{}', since: 's', ...first, scans: {}, version: 1 };
    meanwhile({ ...rollout, openAs: 'backlog', control: 'rules', account: ACCOUNT });
    await scan('a', 'r1');
    expect(hub.row(ROLLOUT)).toMatchObject({ reason: first.reason, version: 2, scans: { a: { found: 2 } } });
  });
});
