import { beforeEach, describe, expect, it } from 'vitest';
import { bucketOf, bucketsAt, openReason } from '../../lib/governance/circuit-breaker.ts';
import { awsError } from './fake-aws.ts';
import { ACCOUNT, hub } from './hub.ts';

const QUIET = '333333333333';
const limits = { minutes: 60, repairs: 2, failures: 1 };

const ended = (execution: string, outcome: string, account = ACCOUNT) => ({
  messageId: `${execution}-${outcome}`,
  body: JSON.stringify({ time: new Date().toISOString(), detail: { execution, outcome, target: { account } } }),
});
/** Counts outcomes, and returns the messages that are delivered again. */
async function count(...Records: object[]): Promise<string[]> {
  const { batchItemFailures } = await hub.invoke('circuit-breaker', { Records } as never); // as far as they are read
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}
const rows = (prefix: string) => [...hub.table.rows.keys()].filter((pk) => pk.startsWith(prefix));

beforeEach(() => {
  hub.account.circuitBreaker = limits;
  const owner = { name: 'quiet', from: 'config account' } as const;
  hub.settings.accounts = { ...hub.settings.accounts, [QUIET]: { ...hub.account, owner } };
});

describe("an account's circuit breaker", () => {
  it('stays closed at the limit, however often an outcome is delivered', async () => {
    await count(ended('a', 'repaired'), ended('b', 'repaired'), ended('a', 'repaired'), ended('c', 'escalated'));
    await count(ended('b', 'repaired'), ended('c', 'escalated'));
    expect([...rows('circuit-breaker#'), ...hub.published]).toEqual([]);
  });

  it.each([
    ['repairs', ['repaired', 'repaired', 'repaired'], 'too-many-repairs'],
    ['escalations', ['escalated', 'escalated'], 'too-many-escalations'],
  ])('opens above the limit of %s, and notifies the owner once', async (_, outcomes, code) => {
    await count(...outcomes.map((outcome, index) => ended(`e${index}`, outcome)), ended('z', 'repaired', QUIET));
    await count(ended('another', outcomes[0] ?? ''));
    expect(rows('circuit-breaker#')).toEqual([`circuit-breaker#${ACCOUNT}`]);
    expect(hub.row(`circuit-breaker#${ACCOUNT}`)).toMatchObject({ openAs: 'circuit-breaker', because: [{ code }] });
    expect(hub.published).toMatchObject([
      {
        type: 'Evenkeel Circuit Breaker',
        detail: {
          account: ACCOUNT,
          owner: 'payments-team',
          because: [{ code }],
          options: { release: expect.stringContaining(`evenkeel release ${ACCOUNT}`) },
        },
      },
    ]);
    expect(hub.metrics).toEqual([{ name: 'circuitBreakersOpened', value: 1 }]);
  });

  it('retries only what could not be counted: a throttled account, and messages that cannot be read', async () => {
    hub.on('Update', ({ Key }: { readonly Key: { readonly pk: string } }, proceed) => {
      if (Key.pk.includes(QUIET)) throw awsError('ThrottlingException');
      return proceed();
    });
    const odd = [
      { messageId: 'odd', body: '{}' },
      { messageId: 'no', body: '-' },
    ];
    await expect(count(ended('a', 'repaired'), ended('b', 'repaired', QUIET), ...odd)).resolves.toEqual([
      'b-repaired',
      'odd',
      'no',
    ]);
    expect(rows('outcome-count#')).toHaveLength(1);
  });

  it('counts nothing of an account that is not governed', async () => {
    await expect(count(ended('a', 'repaired', '444444444444'))).resolves.toEqual([]);
    expect(hub.table.rows.size).toBe(0);
  });
});

describe('the limits', () => {
  const hour = 3_600_000;
  it('cover the last minutes, and at most one time bucket more', () => {
    const now = 1_000 * hour + 1;
    const counts = (ago: number) => bucketsAt(now, limits).includes(bucketOf(now - ago, limits));
    expect([0, hour / 2, hour - 1].map(counts)).toEqual([true, true, true]);
    expect([hour + hour / 6, 2 * hour].map(counts)).toEqual([false, false]);
    expect(counts(-hour)).toBe(false);
  });
  it('give the reason why the circuit breaker opens', () => {
    expect(openReason({ repairs: 2, failures: 1 }, limits)).toBeUndefined();
    expect(openReason({ repairs: 3, failures: 0 }, limits)).toEqual({
      code: 'too-many-repairs',
      repairs: 3,
      minutes: 60,
      limit: 2,
    });
    expect(openReason({ repairs: 0, failures: 2 }, limits)).toEqual({
      code: 'too-many-escalations',
      escalations: 2,
      minutes: 60,
      limit: 1,
    });
  });
});
