import { beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../lib/text/reasons.ts';
import { failWith } from './fake-aws.ts';
import { ACCOUNT, hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { put } from './seed.ts';

const ONE = 'GET /plan/{control}/{account}/{region}';
const place = { control: 'rules', account: ACCOUNT, region: 'eu-west-1' };
const arn = `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/open`;

let resources: LiveResources;
const scan = (path: { readonly [name: string]: string } = place) => hub.call('dry-run', ONE, { path });
const released = () => {
  const at = new Date().toISOString();
  const scans = { 'eu-west-1': { round: 'r', at, found: 0, complete: true } };
  const by = { by: 'alice', at, reason: 'seen' };
  put(`rollout#rules#${ACCOUNT}`, { mode: 'auto', parameters: '{}', since: at, because: [], scans, released: by });
};

beforeEach(() => {
  resources = new LiveResources();
  resources.states.set('eu-west-1/closed', { Rules: [] });
  resources.states.set('eu-west-1/open', { Rules: ['open'] });
  resources.states.set('eu-west-1/gone', undefined);
  hub.deploy(resources.control());
  released();
});

describe('a dry run', () => {
  it('lists the places to scan', async () => {
    expect((await hub.call('dry-run', 'GET /plan')).said).toMatchObject({ targets: [place] });
  });

  it('shows the violations of one place with their patches, in a session that can only read', async () => {
    const { said } = await scan();
    expect(said).toEqual({
      ...place,
      listed: 3,
      unread: [],
      violations: [
        {
          id: 'open',
          violation: 'A rule is open.',
          before: { Rules: ['open'] },
          patch: [
            { op: 'replace', path: '/Rules/0', value: 'low' },
            { op: 'add', path: '/Rules/-', value: 'high' },
          ],
          mode: 'auto',
          predictedOutcome: 'repaired',
          ...explain({ code: 'repairs-on-detection' }),
        },
      ],
    });
    const sessions = hub.inputs<{
      readonly RoleArn: string;
      readonly RoleSessionName: string;
      readonly Policy: string;
      readonly Tags: readonly object[];
    }>('AssumeRole');
    for (const { Tags, RoleSessionName } of sessions)
      expect(Tags).toEqual([{ Key: 'evenkeel:session', Value: RoleSessionName }]);
    expect(sessions.map(({ RoleArn }) => RoleArn)).toEqual([`arn:aws:iam::${ACCOUNT}:role/evenkeel-observer`]);
    expect(sessions.map(({ Policy }) => JSON.parse(Policy).Statement[0].Action)).toEqual([['tag:GetResources']]);
    expect(hub.inputs('TransactWrite')).toEqual([]);
    expect(hub.inputs('Update')).toEqual([]);
  });

  it.each([
    [
      'requires approval',
      () => ({ ResourceTagMappingList: [{ ResourceARN: arn, Tags: [{ Key: 'evenkeel:mode', Value: 'approve' }] }] }),
    ],
    ['cannot be read', failWith('AccessDeniedException')],
  ])('considers a tag that %s', async (_, tags) => {
    hub.on('GetResources', tags);
    expect((await scan()).said.violations).toMatchObject([{ mode: 'approve', predictedOutcome: 'needs-approval' }]);
  });

  it('shows which violations would wait in a backlog', async () => {
    hub.table.rows.clear();
    expect((await scan()).said.violations).toMatchObject([{ predictedOutcome: 'backlog' }]);
  });

  it('shows what it could not read or evaluate, and the rest', async () => {
    resources.states.set('eu-west-1/locked', { Rules: [] });
    resources.states.set('eu-west-1/odd', { Rules: 'odd' });
    resources.denied = ['locked'];
    hub.deploy(
      resources.control({
        check: ({ Rules = [] }) => {
          if (!Array.isArray(Rules)) throw new Error('no verdict');
          return Rules.includes('open') ? { violation: 'A rule is open.' } : 'compliant';
        },
      }),
    );
    const { said } = await scan();
    expect(said.unread).toEqual([
      expect.stringMatching(/^locked: .*AccessDenied/),
      expect.stringMatching(/^odd: .*no verdict/),
    ]);
    expect(said.violations).toHaveLength(1);
    expect(said.incomplete).toBeUndefined();
  });

  it('shows where a list failed, and the resources before it', async () => {
    resources.breaksOff = new Error('Throttled');
    expect((await scan()).said).toMatchObject({
      incomplete: expect.stringMatching(/The scan failed: .*Throttled/),
      listed: 3,
    });
  });

  it('stops when there are more violations than an answer can hold', async () => {
    resources.violate('eu-west-1', ...Array.from({ length: 1001 }, (_, index) => `group-${index}`));
    const { said } = await scan();
    expect(said.violations).toHaveLength(1000);
    expect(said.incomplete).toMatch(/stopped after 1000 violations/);
  });

  it.each([
    { ...place, control: 'x' },
    { ...place, account: '3' },
    { ...place, region: 'elsewhere' },
  ])('refuses a place where the control is not enabled: %j', async (asked) => {
    expect(await scan(asked)).toMatchObject({ status: 404, said: { because: [{ code: 'not-enabled' }] } });
    expect(hub.inputs('AssumeRole')).toEqual([]);
  });
});
