import { describe, expect, it } from 'vitest';
import {
  type ExecutionRecords,
  executionsIn,
  findExecution,
  type Period,
  type UnreadableRecord,
} from '../../../lib/evidence/audit-report/read-executions.ts';
import { executionOf, MemoryVault } from './vault.ts';

const violation = { violation: 'It is open.' };
const planned = (at: string) => ({ phase: 'plan', at, verdict: violation }) as const;
const repaired = (at: string) => ({ phase: 'repair', at, outcome: 'repaired' }) as const;

async function read(vault: MemoryVault, period: Period) {
  const unreadable: UnreadableRecord[] = [];
  const found: ExecutionRecords[] = [];
  for await (const records of executionsIn(vault, period, (record) => unreadable.push(record))) found.push(records);
  const keys = found.map((records) => records.map(({ key }) => key.split('/').slice(-2).join('/')).join(' '));
  return { keys, unreadable };
}

const july: Period = { from: '2026-07-01', to: '2026-07-31' };

describe('the executions of a period', () => {
  it('are complete and read once, with their records in order', async () => {
    const vault = new MemoryVault();
    vault.add('2026-07-03T00:00:00.000Z', [
      ...executionOf('b', planned('2026-07-02T10:00:00.000Z'), repaired('2026-07-02T10:00:01.000Z')),
      ...executionOf('a', planned('2026-07-02T11:00:00.000Z'), repaired('2026-07-02T11:00:01.000Z')),
    ]);
    expect((await read(vault, july)).keys).toEqual(['a/1-plan.json a/2-repair.json', 'b/1-plan.json b/2-repair.json']);
  });

  it('are sorted by the numbers of their records', async () => {
    const vault = new MemoryVault();
    const plans = Array.from({ length: 10 }, (_, n) => planned(`2026-07-02T10:00:0${n}.000Z`));
    vault.add('x', executionOf('long', ...plans, repaired('2026-07-02T10:01:00.000Z')));
    const { keys } = await read(vault, july);
    expect(keys[0]?.split(' ').slice(-2)).toEqual(['long/10-plan.json', 'long/11-repair.json']);
  });

  it('can last several days', async () => {
    const vault = new MemoryVault();
    vault.add('x', executionOf('slow', planned('2026-07-02T10:00:00.000Z'), repaired('2026-07-20T10:00:00.000Z')));
    expect((await read(vault, july)).keys).toEqual(['slow/1-plan.json slow/2-repair.json']);
  });

  it('include earlier records but no later ones', async () => {
    const vault = new MemoryVault();
    vault.add('x', [
      ...executionOf('early', planned('2026-06-20T10:00:00.000Z'), repaired('2026-07-02T10:00:00.000Z')),
      ...executionOf('late', planned('2026-07-31T23:59:59.000Z'), repaired('2026-08-01T00:00:01.000Z')),
      ...executionOf('before', planned('2026-06-30T10:00:00.000Z'), repaired('2026-06-30T10:00:00.000Z')),
    ]);
    expect((await read(vault, july)).keys).toEqual(['early/1-plan.json early/2-repair.json', 'late/1-plan.json']);
  });

  it.each([
    ['invalid JSON', 'evidence/2026/07/02/222222222222/x/1-plan.json', '{'],
    ['another schema', 'evidence/2026/07/02/222222222222/x/1-plan.json', '{"schema":"evenkeel.evidence/v2"}'],
  ])('report and skip an object with %s', async (_, key, body) => {
    const vault = new MemoryVault();
    vault.put(key, body);
    expect(await read(vault, july)).toMatchObject({ keys: [], unreadable: [{ key }] });
  });

  it('accept records with fields of a later version, at every depth', async () => {
    const vault = new MemoryVault();
    const owner = { name: 'payments-team', from: 'config account', later: 1 };
    const later: object = { later: [1], owner, patch: [{ op: 'remove', path: '/a', later: true }] };
    vault.add('x', executionOf('a', { ...planned('2026-07-02T10:00:00.000Z'), ...later }));
    const { keys, unreadable } = await read(vault, july);
    expect({ keys, unreadable }).toEqual({ keys: ['a/1-plan.json'], unreadable: [] });
  });

  it('skip a record whose key leads to another folder', async () => {
    const vault = new MemoryVault();
    vault.add('x', executionOf('../../../../../../elsewhere', planned('2026-07-02T10:00:00.000Z')));
    expect(await read(vault, july)).toMatchObject({
      keys: [],
      unreadable: [{ reason: 'its key is not the key of a record' }],
    });
  });

  it('skip a record under the key of another record', async () => {
    const vault = new MemoryVault();
    const [record] = executionOf('a', planned('2026-07-02T10:00:00.000Z'));
    vault.put('evidence/2026/07/02/333333333333/a/1-plan.json', record?.body ?? '');
    expect((await read(vault, july)).unreadable).toHaveLength(1);
  });

  it.each([
    ['a byte order mark', (bytes: Uint8Array) => [0xef, 0xbb, 0xbf, ...bytes]],
    ['invalid UTF-8', (bytes: Uint8Array) => bytes.with(bytes.indexOf(0x62), 0xff)], // inside a string
  ])('skip a record with %s, because its text would not have the same bytes', async (_, change) => {
    const vault = new MemoryVault();
    const [record] = executionOf('a', planned('2026-07-02T10:00:00.000Z'));
    vault.objects.set(record?.key ?? '', Uint8Array.from(change(new TextEncoder().encode(record?.body))));
    expect(await read(vault, july)).toMatchObject({ keys: [], unreadable: [{ key: record?.key }] });
  });

  it('read each record once', async () => {
    const vault = new MemoryVault();
    for (let n = 0; n < 50; n++)
      vault.add('x', executionOf(`e${n}`, planned('2026-07-02T10:00:00.000Z'), repaired('2026-07-02T10:00:01.000Z')));
    await read(vault, july);
    expect(vault.reads).toBe(100);
  });
});

describe('one execution', () => {
  const vault = new MemoryVault();
  vault.add('x', executionOf('one', planned('2026-06-20T10:00:00.000Z'), repaired('2026-07-02T10:00:00.000Z')));
  const fail = (record: UnreadableRecord) => {
    throw new Error(record.reason);
  };

  it.each([undefined, '2026-07-02', '2026-06-20'])('is found by its id (day: %s)', async (day) => {
    expect(await findExecution(vault, 'one', day, fail)).toHaveLength(2);
  });

  it('is undefined if it does not exist', async () => {
    expect(await findExecution(vault, 'on', undefined, fail)).toBeUndefined();
  });
});
