import { beforeEach, expect, it } from 'vitest';
import { ACCOUNT, target } from './hub.ts';
import { put, seed } from './seed.ts';

const { isOwn } = await import('../../lambdas/admit/own-calls.ts');

const said = (arn: string, type = 'AssumedRole') =>
  isOwn(
    {
      source: 'cloudtrail',
      event: 'e',
      account: target.account,
      region: target.region,
      control: 'rules',
      resource: target.id,
      actor: { type, arn },
    },
    target,
  );
const role = (session: string) => `arn:aws:sts::${ACCOUNT}:assumed-role/evenkeel-repair-rules/${session}`;

beforeEach(() => {
  seed({ execution: 'repaired', attempts: 1 });
  seed({ execution: 'observed', attempts: 0 });
  put('execution#ignored', { execution: 'ignored', control: 'rules', phase: 'settled' });
  seed({ execution: 'of-another-resource', attempts: 1, target: { ...target, id: 'other' } });
  seed({ execution: 'of-another-control', attempts: 1, control: 'other' });
});

it('a call is our own when our role made it for an execution that repaired this resource', async () => {
  await expect(said(role('repaired'))).resolves.toBe(true);
});
it.each(['unknown', 'observed', 'ignored', 'of-another-resource', 'of-another-control'])(
  'a call with the name of an execution that is %s is not our own',
  async (session) => {
    await expect(said(role(session))).resolves.toBe(false);
  },
);
it.each([
  ['another role', role('repaired').replace('repair-rules', 'repair-ruless')],
  ['another account', role('repaired').replace(ACCOUNT, '333333333333')],
])('a call of %s is not our own', async (_, arn) => {
  await expect(said(arn)).resolves.toBe(false);
});
it('a user with the name of our session is not our own', async () => {
  await expect(said(role('repaired'), 'IAMUser')).resolves.toBe(false);
});
