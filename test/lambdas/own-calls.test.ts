import { expect, it, vi } from 'vitest';
import { isOwn } from '../../lambdas/admit/own-calls.ts';

const target = { account: '111111111111', region: 'eu-west-1', partition: 'aws', id: 'b' };
const row = { control: 'c', target, attempts: 1 };
const rows: { readonly [execution: string]: object } = {
  repaired: row,
  observed: { ...row, attempts: 0 },
  dropped: { control: 'c' },
  'of-another': { ...row, target: { ...target, id: 'other' } },
  'of-another-control': { ...row, control: 'd' },
};
vi.mock('../../lambdas/store/executions.ts', () => ({ getExecution: async (id: string) => rows[id] }));

const said = (arn: string, type = 'AssumedRole') =>
  isOwn(
    {
      source: 'cloudtrail',
      event: 'e',
      account: target.account,
      region: target.region,
      control: 'c',
      resource: 'b',
      actor: { type, arn },
    },
    target,
  );
const role = (session: string) => `arn:aws:sts::111111111111:assumed-role/evenkeel-repair-c/${session}`;

it('a call is ours when our role made it for an execution that repaired this very resource', async () => {
  await expect(said(role('repaired'))).resolves.toBe(true);
});
it.each(['nothing', 'observed', 'dropped', 'of-another', 'of-another-control'])(
  'a call under the name of an execution that is %s is not ours',
  async (session) => {
    await expect(said(role(session))).resolves.toBe(false);
  },
);
it.each([
  ['another role', role('repaired').replace('repair-c', 'repair-cc')],
  ['another account', role('repaired').replace('111111111111', '222222222222')],
])('a call of %s is not ours', async (_, arn) => {
  await expect(said(arn)).resolves.toBe(false);
});
it('a user with the name of our session is not ours', async () => {
  await expect(said(role('repaired'), 'IAMUser')).resolves.toBe(false);
});
