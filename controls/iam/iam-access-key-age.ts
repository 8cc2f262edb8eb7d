import { defineControl, type StateOf } from '../../lib/model/index.ts';
import { DAY_MS } from '../../lib/model/time.ts';
import { listed } from '../../lib/text/words.ts';
import { ignoreNotFound } from '../errors.ts';
import { user } from './user.ts';

type State = StateOf<typeof user.properties, 'AccessKeys'>;
type Parameters = { readonly maxAgeDays: number };

/** Limits the age of active access keys of IAM users. */
export const iamAccessKeyAge = defineControl({
  id: 'iam-access-key-age',
  title: 'IAM access keys are rotated in time',
  rationale: 'A leaked copy of an access key works until the key is rotated.',
  severity: 'medium',
  frameworks: {
    fsbp: ['IAM.3'],
    'cis-v3': ['1.14'],
    'nist-800-53-r5': ['AC-2(1)', 'AC-2(3)', 'AC-3(15)'],
    'nist-csf-2.0': ['PR.AA-01', 'PR.AA-05'],
    'pci-dss-v4': ['8.3.10.1', '8.3.5', '8.3.7', '8.3.9', '8.6.3'],
  },
  parameters: { maxAgeDays: 90 },
  resource: user,
  facets: ['accessKeys'],
  state: ({ accessKeys }) => ({
    AccessKeys: Object.fromEntries(
      accessKeys.flatMap(({ AccessKeyId, CreateDate, Status }) =>
        AccessKeyId && CreateDate && Status ? [[AccessKeyId, { CreateDate: CreateDate.toISOString(), Status }]] : [],
      ),
    ),
  }),
  rule: {
    properties: ['AccessKeys'],
    check(state, parameters, now) {
      const old = overdue(state, parameters, now);
      return old.length === 0
        ? 'compliant'
        : { violation: `Access keys older than ${parameters.maxAgeDays} days are active: ${listed(old)}.` };
    },
    violationExamples: [
      { AccessKeys: { AKIAIOSFODNN7EXAMPLE: { CreateDate: '2020-01-01T00:00:00.000Z', Status: 'Active' } } },
    ],
  },
  template: 'live-only',
  detect: {
    by: 'managed-rule',
    identifier: 'ACCESS_KEYS_ROTATED',
    periodic: true,
    parameters: ({ maxAgeDays }) => ({ maxAccessKeyAge: String(maxAgeDays) }),
  },
  // The request does not name a user who changes a key of their own.
  triggers: {
    'requestParameters.userName': ['iam:UpdateAccessKey'],
    'userIdentity.userName': ['iam:UpdateAccessKey'],
  },
  repair: {
    actions: ['iam:UpdateAccessKey'],
    risk: 'high',
    gracePeriod: { days: 14, because: 'AWS rejects every request that uses the access key.' },
    reversible: true,
    maxMode: 'auto',
    desired(state, parameters, now) {
      const old = overdue(state, parameters, now);
      const keys = Object.entries(state.AccessKeys ?? {}).map(
        ([id, key]) => [id, old.includes(id) ? { ...key, Status: 'Inactive' as const } : key] as const,
      );
      return { AccessKeys: Object.fromEntries(keys) };
    },
    async write({ iam }, { id: UserName }, { AccessKeys = {} }, from) {
      for (const [AccessKeyId, { Status }] of Object.entries(AccessKeys))
        if (from.AccessKeys?.[AccessKeyId] && from.AccessKeys[AccessKeyId].Status !== Status)
          // A key that was deleted in the meantime needs no change and cannot be restored.
          await ignoreNotFound('NoSuchEntityException', () => iam.updateAccessKey({ UserName, AccessKeyId, Status }));
    },
    circumstances: ['keyUse'],
    caution({ AccessKeys = {} }, desired, { keyUse }) {
      const deactivated = Object.keys(AccessKeys).filter(
        (id) => desired.AccessKeys?.[id]?.Status !== AccessKeys[id]?.Status,
      );
      return { lastUse: deactivated.map((id) => keyUse[id] ?? { what: id }) };
    },
  },
});

function overdue({ AccessKeys = {} }: State, { maxAgeDays }: Parameters, now: Date): string[] {
  return Object.entries(AccessKeys)
    .filter(
      ([, { Status, CreateDate }]) =>
        Status === 'Active' && now.getTime() - Date.parse(CreateDate ?? '') > maxAgeDays * DAY_MS,
    )
    .map(([id]) => id);
}
