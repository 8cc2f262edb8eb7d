import { beforeEach, describe, expect, it } from 'vitest';
import { failWith } from './fake-aws.ts';
import { ACCOUNT, HUB, hub, target } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { BREAKER, E, HISTORY, HOLD, put, seed } from './seed.ts';

const session = `arn:aws:sts::${HUB}:assumed-role/on-call/anybody`;
const HALT = 'POST /halt';
const RESUME = 'DELETE /halt';
const RELEASE = 'POST /executions/{execution}/release';
const RELEASE_ACCOUNT = 'POST /accounts/{account}/release';
const COUNTS = `outcome-count#${ACCOUNT}#${Math.floor(Date.now() / 600_000)}`;

const say = (route: string, over: object = {}) =>
  hub.call('command', route, {
    path: { execution: E, account: ACCOUNT },
    body: { reason: 'an incident' },
    ...over,
  });
const commands = () => hub.records.filter(({ phase }) => phase === 'command');
const open = () => [...hub.table.rows.values()].filter(({ openAs }) => openAs === 'command');
const published = () => hub.published.map(({ detail }) => detail);

/** Puts everything that a command can release. */
const blocked = () => {
  put('halt', { by: 'carol', at: '2026-01-01T00:00:00.000Z', reason: 'an incident' });
  put(HOLD, { at: '2026-01-01T00:00:00.000Z', because: [], reason: 'flapping', actors: [] });
  put(HISTORY, { repairs: [1, 2, 3] });
  put(BREAKER, { since: '2026-01-01T00:00:00.000Z', because: [], reason: 'too many' });
  put(COUNTS, { repairs: new Set(['a']) });
};
const state = () => [...hub.table.rows.keys()].filter((pk) => !pk.startsWith('execution#')).sort();

beforeEach(() => {
  hub.deploy(new LiveResources().control());
  seed({ phase: 'settled', approvalToken: 'secret', body: '{}' });
});

describe('an operator command', () => {
  it.each([
    [RESUME, 'resume', ['halt']],
    [RELEASE, 'release', [HOLD, HISTORY]],
    [RELEASE_ACCOUNT, 'release-account', [BREAKER, COUNTS]],
  ])('%s is carried out and recorded', async (route, kind, removed) => {
    blocked();
    const all = state();
    const { status, said } = await say(route);
    expect([status, said.kind, said.by]).toEqual([200, kind, `user/${HUB}/alice`]);
    expect(state()).toEqual(all.filter((pk) => !removed.includes(pk)));
    expect([...hub.vault.keys()]).toEqual([said.evidence]);
    expect(commands()).toMatchObject([
      {
        n: 1,
        outcome: 'accepted',
        command: {
          kind,
          by: `user/${HUB}/alice`,
          identity: `arn:aws:iam::${HUB}:user/alice`,
          reason: 'an incident',
        },
      },
    ]);
  });

  it('to halt is carried out and recorded', async () => {
    const { said } = await say(HALT);
    expect(hub.row('halt')).toMatchObject({ by: `user/${HUB}/alice`, reason: 'an incident' });
    expect(commands()).toMatchObject([{ n: 1, outcome: 'accepted', command: { kind: 'halt' } }]);
    expect([...hub.vault.keys()]).toEqual([said.evidence]);
  });

  it.each([
    ['ok', 'The request body is invalid: reason must hold at least 3 characters.'],
    [undefined, /^The request body is invalid: reason Invalid input/],
  ])('names the problem of an invalid body: %j', async (reason, words) => {
    const { status, said } = await say(HALT, { body: { reason } });
    expect([status, said.refused]).toEqual([400, expect.stringMatching(words)]);
    expect(commands()).toEqual([]);
  });

  it('is published with the resource that it is about, and without other fields of the execution', async () => {
    blocked();
    const { said } = await say(RELEASE);
    const command = { version: '1', kind: 'release', evidence: said.evidence };
    expect(published()).toMatchObject([{ ...command, control: 'rules', target }]);
    expect(Object.keys(published()[0] ?? {}).sort()).toEqual([
      'at',
      'by',
      'control',
      'evidence',
      'execution',
      'identity',
      'kind',
      'reason',
      'target',
      'version',
    ]);
    hub.table.rows.delete('halt');
    await say(HALT);
    expect(published()[1]).not.toHaveProperty('target');
  });

  it('to release counts as a false positive of the control, and other commands do not', async () => {
    blocked();
    await say(RELEASE);
    await say(RESUME);
    await say(HALT);
    await say(RELEASE_ACCOUNT);
    expect(hub.metrics).toEqual([{ name: 'falsePositive', value: 1, control: 'rules' }]);
  });

  it('succeeds when it cannot be published, and stays open', async () => {
    hub.on('PutEvents', failWith('InternalException', 'no bus'));
    expect(await say(HALT)).toMatchObject({ status: 200 });
    expect([commands().length, open().length]).toEqual([1, 1]);
    hub.off('PutEvents');
    await say(RESUME);
    expect(open()).toHaveLength(1);
  });

  it('to halt is accepted from everyone whom IAM permits, because it cannot wait', async () => {
    expect(await say(HALT, { user: session })).toMatchObject({ status: 200, said: { by: session } });
  });

  it.each([RESUME, RELEASE, RELEASE_ACCOUNT])('%s is accepted from a known person only', async (route) => {
    blocked();
    const all = state();
    expect(await say(route, { user: session })).toMatchObject({ status: 403 });
    expect(state()).toEqual(all);
    expect(commands()).toEqual([]);
  });

  it('is not accepted from a caller that AWS does not name', async () => {
    expect(await say(HALT, { requestContext: {} })).toMatchObject({ status: 403 });
    expect(state()).toEqual([]);
  });

  it.each([
    [HALT, 'already-halted'],
    [RESUME, 'not-halted'],
    [RELEASE, 'no-hold'],
    [RELEASE_ACCOUNT, 'circuit-breaker-closed'],
  ])('%s is refused where it would change nothing, and leaves no record', async (route, code) => {
    if (route === HALT) blocked();
    expect(await say(route)).toMatchObject({ status: 409, said: { because: [{ code }] } });
    expect(commands()).toEqual([]);
    expect(open()).toEqual([]);
  });

  it.each([
    ['about an unknown execution', RELEASE, { path: { execution: 'x' } }, 404],
    ['about an account that is not governed', RELEASE_ACCOUNT, { path: { account: '9' } }, 404],
    ['about an account that is a word of JavaScript', RELEASE_ACCOUNT, { path: { account: 'constructor' } }, 404],
    ['with a name that is too long', RELEASE, { path: { execution: 'x'.repeat(3000) } }, 404],
    ['without a reason', HALT, { body: {} }, 400],
    ['with a body that is not JSON', HALT, { body: 'x' }, 400],
    ['on an unknown route', 'POST /other', {}, 404],
  ])('%s is refused', async (_, route, over, status) => {
    expect((await say(route, over)).status).toBe(status);
    expect(state()).toEqual([]);
  });
});
