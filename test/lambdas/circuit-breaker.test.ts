import { beforeEach, describe, expect, it, vi } from 'vitest';
import { bucketOf, bucketsAt, openReason } from '../../lib/governance/circuit-breaker.ts';

const [ACCOUNT, QUIET] = ['111111111111', '222222222222'];
const limits = { minutes: 60, repairs: 2, failures: 1 };

/** The state table and the bus around Tally, in memory. */
const hub = vi.hoisted(() => ({
  counted: new Map<string, Set<string>>(),
  open: new Map<string, object>(),
  told: [] as object[],
  fails: '',
}));

vi.mock('../../lambdas/runtime/environment.ts', () => ({
  settings: {
    accounts: {
      '111111111111': { owner: { name: 'payments' }, circuitBreaker: { minutes: 60, repairs: 2, failures: 1 } },
      '222222222222': { owner: { name: 'quiet' }, circuitBreaker: { minutes: 60, repairs: 2, failures: 1 } },
    },
  },
}));
vi.mock('../../lambdas/runtime/publish-event.ts', () => ({
  publish: async (type: string, detail: object) => void hub.told.push({ type, ...detail }),
}));
vi.mock('../../lambdas/store/table.ts', async (original) => ({
  ...(await original<object>()),
  read: async ({ pk }: { readonly pk: string }) => hub.open.get(pk),
  readAll: async (keys: readonly { readonly pk: string }[]) =>
    keys.map(({ pk }) => ({
      pk,
      repairs: hub.counted.get(`${pk} repairs`),
      failures: hub.counted.get(`${pk} failures`),
    })),
  updateOne: async ({ Update }: { readonly Update: Record<string, Record<string, string>> }) => {
    const { pk = '' } = Update.Key ?? {};
    if (hub.fails && pk.includes(hub.fails)) throw new Error('throttled');
    const key = `${pk} ${Update.ExpressionAttributeNames?.['#kind']}`;
    const added = Update.ExpressionAttributeValues?.[':executions'] as unknown as Set<string>; // what the module writes
    hub.counted.set(key, new Set([...(hub.counted.get(key) ?? []), ...added]));
  },
  transact: async ([item]: readonly { readonly Put: { readonly Item: { readonly pk: string } } }[]) =>
    void (item && hub.open.set(item.Put.Item.pk, item.Put.Item)),
}));

const { handler } = await import('../../lambdas/circuit-breaker/handler.ts');
const ended = (execution: string, outcome: string, account = ACCOUNT) => ({
  messageId: `${execution}-${outcome}`,
  body: JSON.stringify({
    time: new Date().toISOString(),
    detail: { execution, outcome, target: { account } },
  }),
});
const tell = async (...Records: object[]) =>
  (await handler({ Records } as never, { functionName: 'circuit-breaker' } as never)).batchItemFailures.map(
    ({ itemIdentifier }) => itemIdentifier,
  );

beforeEach(() => {
  hub.counted.clear();
  hub.open.clear();
  Object.assign(hub, { told: [], fails: '' });
});

describe("an account's breaker", () => {
  it('stays closed at what the config allows, however often it is told', async () => {
    await tell(ended('a', 'repaired'), ended('b', 'repaired'), ended('a', 'repaired'), ended('c', 'escalated'));
    await tell(ended('b', 'repaired'), ended('c', 'escalated'));
    expect([...hub.open, ...hub.told]).toEqual([]);
  });
  it.each([
    ['repairs', ['repaired', 'repaired', 'repaired']],
    ['failures', ['escalated', 'escalated']],
  ])('opens at one more of the %s, and tells the owner once', async (_, outcomes) => {
    await tell(...outcomes.map((outcome, index) => ended(`e${index}`, outcome)), ended('z', 'repaired', QUIET));
    await tell(ended('another', outcomes[0] ?? ''));
    expect([...hub.open.keys()]).toEqual([`circuit-breaker#${ACCOUNT}`]);
    expect(hub.told).toMatchObject([
      {
        type: 'Evenkeel Circuit Breaker',
        account: ACCOUNT,
        owner: 'payments',
        options: { release: expect.stringContaining(`evenkeel release ${ACCOUNT}`) },
      },
    ]);
  });
  it('brings again only what could not be counted: an account whose items are throttled, and what cannot be read', async () => {
    hub.fails = QUIET;
    await expect(
      tell(
        ended('a', 'repaired'),
        ended('b', 'repaired', QUIET),
        { messageId: 'odd', body: '{}' },
        { messageId: 'no', body: '-' },
      ),
    ).resolves.toEqual(['b-repaired', 'odd', 'no']);
  });
  it('counts nothing of an account that is not governed any more', async () => {
    await expect(tell(ended('a', 'repaired', '333333333333'))).resolves.toEqual([]);
    expect(hub.counted.size).toBe(0);
  });
});

describe('the time that counts', () => {
  const hour = 3_600_000;
  it('covers the last minutes to the stretch, and nothing older by more than one', () => {
    const now = 1_000 * hour + 1;
    const counts = (ago: number) => bucketsAt(now, limits).includes(bucketOf(now - ago, limits));
    expect([0, hour / 2, hour - 1].map(counts)).toEqual([true, true, true]);
    expect([hour + hour / 6, 2 * hour].map(counts)).toEqual([false, false]);
    expect(counts(-hour)).toBe(false);
  });
  it('opens above a limit, with the limit as its reason', () => {
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
