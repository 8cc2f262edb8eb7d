import { beforeEach, expect, it, vi } from 'vitest';

/** What one control finds in one place, as a test scripts it. */
const hub = vi.hoisted(() => ({
  found: [] as { id: string; live?: object; unread?: string }[],
  started: [] as string[],
  counted: {} as Record<string, unknown>,
}));

vi.mock('../../controls/index.ts', () => ({
  controls: [
    {
      id: 'no-open-rule',
      check: ({ Open }: { Open: boolean }) => (Open ? { violation: 'It is open.' } : 'compliant'),
    },
  ],
}));
vi.mock('../../lambdas/runtime/environment.ts', () => ({
  settings: { hub: { partition: 'aws' }, parameters: {}, accounts: { a: { modes: { 'no-open-rule': 'auto' } } } },
}));
vi.mock('../../lambdas/runtime/sessions.ts', () => ({ observe: async () => ({}) }));
vi.mock('../../lambdas/runtime/start-machine.ts', () => ({
  startRemediation: async (_name: string, { resource }: { resource: string }) => void hub.started.push(resource),
}));
vi.mock('../../lambdas/sweep/round.ts', () => ({ recordRound: async () => undefined }));
vi.mock('../../lambdas/sweep/announce-backlog.ts', () => ({ announceBacklogs: async () => 0 }));
vi.mock('../../lambdas/decision/scan.ts', () => ({
  scanTogether: async function* ([control]: readonly object[]) {
    for (const one of hub.found) yield { control, ...one };
  },
}));
vi.mock('../../lambdas/runtime/step.ts', async (original) => ({
  ...(await original<typeof import('../../lambdas/runtime/step.ts')>()),
  count: (metric: string, control: string, value: number) => {
    hub.counted[`${metric} ${control}`] = value;
  },
  gauge: (metric: string, value: number) => {
    hub.counted[metric] = value;
  },
}));

const { handler } = await import('../../lambdas/sweep/handler.ts');
const sweep = () =>
  handler(
    { sweep: 's', controls: ['no-open-rule'], account: 'a', region: 'r' },
    { functionName: 'sweep' } as never, // of which the logger reads no more
  );

beforeEach(() => Object.assign(hub, { found: [], started: [], counted: {} }));

it('starts a remediation for each violation, and counts them by control and over all', async () => {
  hub.found = [
    { id: 'x', live: { Open: true } },
    { id: 'y', live: { Open: false } },
    { id: 'z', live: { Open: true } },
    { id: 'gone' },
  ];
  await sweep();
  expect(hub.started).toEqual(['x', 'z']);
  expect(hub.counted).toEqual({ 'violations no-open-rule': 2, violations: 2 });
});

it('counts nothing as nothing, so that the graph has no gap', async () => {
  await sweep();
  expect(hub.counted).toEqual({ 'violations no-open-rule': 0, violations: 0 });
});

it('counts what it found though some could not be read, and fails so that it is tried again', async () => {
  hub.found = [
    { id: 'x', live: { Open: true } },
    { id: 'y', unread: 'y: AccessDenied' },
  ];
  await expect(sweep()).rejects.toThrow('1 resource could not be read');
  expect(hub.counted).toMatchObject({ violations: 1 });
});
