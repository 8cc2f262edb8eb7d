import { defineControl } from '../../lib/model/control.ts';
import { ignoreNotFound } from '../errors.ts';
import { userId, users } from './users.ts';

const DAY = 24 * 60 * 60 * 1000;

type AccessKey = { readonly CreateDate: string; readonly Status: 'Active' | 'Inactive' | 'Expired' };
type State = { readonly AccessKeys?: { readonly [accessKeyId: string]: AccessKey } };
type Parameters = { readonly maxAgeDays: number };

/** How long an IAM user's access keys stay in use. */
export const iamAccessKeyAge = defineControl({
  id: 'iam-access-key-age',
  title: 'IAM access keys are replaced in time',
  rationale:
    'A key that never changes keeps working for whoever copied it, long after anybody remembers where it lies.',
  severity: 'medium',
  resource: 'AWS::IAM::User',
  scope: 'global',
  frameworks: {
    fsbp: ['IAM.3'],
    'cis-v3': ['1.14'],
    'nist-800-53-r5': ['AC-2(1)', 'AC-2(3)', 'AC-3(15)'],
    'nist-csf-2.0': ['PR.AA-01', 'PR.AA-05'],
    'pci-dss-v4': ['8.3.10.1', '8.3.5', '8.3.7', '8.3.9', '8.6.3'],
  },
  parameters: { maxAgeDays: 90 },
  detect: {
    by: 'managed-rule',
    identifier: 'ACCESS_KEYS_ROTATED',
    periodic: true,
    parameters: ({ maxAgeDays }) => ({ maxAccessKeyAge: String(maxAgeDays) }),
  },
  // Whoever switches a key of their own back on need not name themselves in the request.
  triggers: { 'iam:UpdateAccessKey': ['requestParameters.userName', 'userIdentity.userName'] },
  configId: 'name',
  services: ['iam'],
  // Events and listings give a user's name without its path, so the path is left open.
  arn: 'arn:{partition}:iam::{account}:user/*{id}',
  normalizeId: userId,
  check(state: State, parameters: Parameters, now) {
    const old = overdue(state, parameters, now);
    return old.length === 0
      ? 'compliant'
      : { violation: `Access keys older than ${parameters.maxAgeDays} days are active: ${old.join(', ')}.` };
  },
  violationExamples: [
    { AccessKeys: { AKIAIOSFODNN7EXAMPLE: { CreateDate: '2020-01-01T00:00:00.000Z', Status: 'Active' } } },
  ],
  observe: {
    actions: ['iam:ListUsers', 'iam:ListAccessKeys'],
    list: users,
    async read({ iam }, { id }) {
      const AccessKeys: Record<string, AccessKey> = {};
      let Marker: string | undefined;
      do {
        const page = await ignoreNotFound('NoSuchEntityException', () => iam.listAccessKeys({ UserName: id, Marker }));
        if (!page) return undefined;
        for (const { AccessKeyId, CreateDate, Status } of page.AccessKeyMetadata ?? [])
          if (AccessKeyId && CreateDate && Status)
            AccessKeys[AccessKeyId] = { CreateDate: CreateDate.toISOString(), Status };
        Marker = page.IsTruncated ? page.Marker : undefined;
      } while (Marker);
      return { AccessKeys };
    },
    lastUse: {
      actions: ['iam:GetAccessKeyLastUsed'],
      async read({ iam }, _target, before, desired) {
        const ended = Object.entries(before.AccessKeys ?? {})
          .filter(([id, { Status }]) => desired.AccessKeys?.[id]?.Status !== Status)
          .map(([id]) => id);
        return Promise.all(
          ended.map(async (AccessKeyId) => {
            const { AccessKeyLastUsed: { LastUsedDate, ServiceName, Region } = {} } = await iam.getAccessKeyLastUsed({
              AccessKeyId,
            });
            // AWS writes N/A for service and region of a key that was never used, or that was used too long ago to know.
            return LastUsedDate
              ? { what: AccessKeyId, at: LastUsedDate.toISOString(), service: ServiceName, region: Region }
              : { what: AccessKeyId };
          }),
        );
      },
    },
  },
  repair: {
    actions: ['iam:UpdateAccessKey'],
    risk: 'high',
    gracePeriod: { days: 14, because: 'Whatever signs with the key is refused by AWS from then on.' },
    reversible: true,
    maxMode: 'auto',
    desired(state, parameters, now) {
      const old = overdue(state, parameters, now);
      if (old.length === 0) return state;
      const keys = Object.entries(state.AccessKeys ?? {}).map(
        ([id, key]) => [id, old.includes(id) ? { ...key, Status: 'Inactive' as const } : key] as const,
      );
      return { AccessKeys: Object.fromEntries(keys) };
    },
    async write({ iam }, target, state, from) {
      for (const [AccessKeyId, { Status }] of Object.entries(state.AccessKeys ?? {}))
        if (from.AccessKeys?.[AccessKeyId] && from.AccessKeys[AccessKeyId].Status !== Status)
          // A key that was deleted meanwhile is out of use, and cannot be brought back.
          await ignoreNotFound('NoSuchEntityException', () =>
            iam.updateAccessKey({ UserName: target.id, AccessKeyId, Status }),
          );
      return undefined;
    },
  },
});

function overdue({ AccessKeys = {} }: State, { maxAgeDays }: Parameters, now: Date): string[] {
  return Object.entries(AccessKeys)
    .filter(
      ([, { Status, CreateDate }]) => Status === 'Active' && now.getTime() - Date.parse(CreateDate) > maxAgeDays * DAY,
    )
    .map(([id]) => id);
}
