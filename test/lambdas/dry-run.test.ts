import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Control, State } from '../../lib/model/control.ts';
import { explain } from '../../lib/text/reasons.ts';

/** One account that a test scripts. */
const aws = vi.hoisted(() => ({
  live: {} as { [id: string]: object | undefined },
  denied: [] as string[],
  tags: new Map<string, Map<string, string>>() as unknown,
  released: true,
  breaksOff: false,
  sessions: [] as unknown[],
}));

vi.mock('../../controls/index.ts', () => ({
  controls: [
    {
      id: 'doors',
      scope: 'regional',
      arn: 'arn:{id}',
      services: [],
      check({ Open }: State) {
        if (Open === 'jammed') throw new Error('no verdict');
        return Open ? { violation: 'A door is open.' } : 'compliant';
      },
      observe: {
        actions: [],
        async *list() {
          yield* Object.keys(aws.live).map((id) => ({ id }));
          if (aws.breaksOff) throw new Error('Throttled');
        },
        read: async (_: unknown, { id }: { id: string }) => {
          if (aws.denied.includes(id)) throw new Error('AccessDenied');
          return aws.live[id];
        },
      },
      repair: { actions: [], desired: () => ({ Open: false }) },
    } as unknown as Control, // as far as a dry run goes
  ],
}));
vi.mock('../../lambdas/runtime/environment.ts', () => ({
  variable: () => 'x',
  register: { exceptions: [] },
  settings: {
    hub: { account: '1', region: 'r', partition: 'aws' },
    globalRegion: 'us-east-1',
    parameters: {},
    accounts: { '2': { regions: ['r'], modes: { doors: 'auto' }, gracePeriodDays: {} } },
  },
}));
vi.mock('../../lambdas/runtime/sessions.ts', () => ({
  observe: async (...args: unknown[]) => {
    aws.sessions.push(args[3]);
    return { clients: {}, client: {} };
  },
}));
vi.mock('../../lambdas/store/holds.ts', () => ({ safeguardsOn: async () => ({ pending: 0, repairs: [] }) }));
vi.mock('../../lambdas/store/lock.ts', () => ({ getLock: async () => undefined }));
vi.mock('../../lambdas/store/grace-periods.ts', () => ({ getGracePeriod: async () => undefined }));
vi.mock('../../lambdas/runtime/resource-tags.ts', () => ({ tagsOf: async () => aws.tags }));
vi.mock('../../lambdas/store/rollouts.ts', () => ({
  getRollout: async () =>
    aws.released
      ? {
          mode: 'auto',
          parameters: {},
          since: 's',
          because: [],
          reason: '',
          scans: { r: { at: new Date().toISOString() } },
          released: {},
        }
      : undefined,
}));

const { handler } = await import('../../lambdas/dry-run/handler.ts');
async function ask(routeKey: string, pathParameters: object = {}) {
  const answer = await handler({ routeKey, pathParameters } as never, { functionName: 'dry-run' } as never);
  return { status: answer.statusCode, said: JSON.parse(answer.body ?? '') };
}
const ONE = 'GET /plan/{control}/{account}/{region}';
const place = { control: 'doors', account: '2', region: 'r' };

beforeEach(() =>
  Object.assign(aws, {
    live: { shut: { Open: false }, open: { Open: true }, gone: undefined },
    denied: [],
    tags: new Map(),
    released: true,
    breaksOff: false,
    sessions: [],
  }),
);

describe('a dry run', () => {
  it('says where to look', async () => {
    expect((await ask('GET /plan')).said).toEqual({ spots: [place] });
  });

  it('shows what is in violation in one place, with its patch, as what may only read', async () => {
    expect((await ask(ONE, place)).said).toEqual({
      ...place,
      listed: 3,
      unread: [],
      violations: [
        {
          id: 'open',
          violation: 'A door is open.',
          before: { Open: true },
          patch: [{ op: 'replace', path: '/Open', value: false }],
          mode: 'auto',
          predictedOutcome: 'repaired',
          ...explain({ code: 'repairs-on-detection' }),
        },
      ],
    });
    expect(aws.sessions).toEqual([['tag:GetResources']]);
  });

  it.each([
    ['asks for people', new Map([['arn:open', new Map([['evenkeel:mode', 'approve']])]])],
    ['nobody may read', 'denied'],
  ])('counts a tag that %s', async (_, tags) => {
    aws.tags = tags;
    expect((await ask(ONE, place)).said.violations).toMatchObject([{ mode: 'approve', predictedOutcome: 'asked' }]);
  });

  it('tells what waits to be released as a batch', async () => {
    aws.released = false;
    expect((await ask(ONE, place)).said.violations).toMatchObject([{ predictedOutcome: 'backlog' }]);
  });

  it('says what it could not read or judge, and shows the rest', async () => {
    aws.live = { locked: {}, jammed: { Open: 'jammed' }, open: { Open: true } };
    aws.denied = ['locked'];
    const { said } = await ask(ONE, place);
    expect(said.unread).toEqual([
      expect.stringMatching(/^locked: .*AccessDenied/),
      expect.stringMatching(/^jammed: .*no verdict/),
    ]);
    expect(said.violations).toHaveLength(1);
    expect(said.broken).toBeUndefined();
  });

  it('says where a list broke off, and shows what came before', async () => {
    aws.breaksOff = true;
    expect((await ask(ONE, place)).said).toMatchObject({
      incomplete: expect.stringMatching(/The scan failed: .*Throttled/),
      listed: 3,
    });
  });

  it('says when there is more than fits into an answer', async () => {
    aws.live = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`door-${index}`, { Open: true }]));
    const { said } = await ask(ONE, place);
    expect([said.violations.length, said.incomplete]).toEqual([
      1000,
      expect.stringMatching(/stopped after 1000 violations/),
    ]);
  });

  it.each([
    { ...place, control: 'x' },
    { ...place, account: '3' },
    { ...place, region: 'elsewhere' },
  ])('refuses what nothing is held to: %j', async (asked) => {
    expect((await ask(ONE, asked)).status).toBe(404);
    expect(aws.sessions).toEqual([]);
  });
});
