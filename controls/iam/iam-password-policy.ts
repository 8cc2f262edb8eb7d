import type { PasswordPolicy } from '@aws-sdk/client-iam';
import { ACCOUNT, defineControl } from '../../lib/model/control.ts';
import { theAccount } from '../account.ts';
import { ignoreNotFound } from '../errors.ts';

const CHARACTERS = {
  RequireUppercaseCharacters: 'upper case letters',
  RequireLowercaseCharacters: 'lower case letters',
  RequireNumbers: 'numbers',
  RequireSymbols: 'symbols',
} as const;
const CHARACTER_FIELDS = Object.keys(CHARACTERS) as (keyof typeof CHARACTERS)[]; // keys of a constant are its own type

// AWS sets every field that an update leaves out back to its default, so the state holds all that can be written.
const FIELDS = [
  'AllowUsersToChangePassword',
  'HardExpiry',
  'MaxPasswordAge',
  'MinimumPasswordLength',
  'PasswordReusePrevention',
  ...CHARACTER_FIELDS,
] as const;

type Policy = { readonly [Field in (typeof FIELDS)[number]]?: NonNullable<PasswordPolicy[Field]> };

// What AWS makes of the fields that no rule is about, where a policy is new; it reads back, so that it is said.
const UNSET: Policy = { AllowUsersToChangePassword: false, HardExpiry: false };

type State = { readonly PasswordPolicy?: Policy };
type Parameters = { readonly minimumLength: number; readonly reusePrevention: number; readonly maxAgeDays: number };

/** What the account demands of its IAM users' passwords. */
export const iamPasswordPolicy = defineControl({
  id: 'iam-password-policy',
  title: 'The account has a strong password policy for IAM users',
  rationale: 'Weak, old and reused passwords are guessed or found in leaks, and open the console.',
  severity: 'medium',
  resource: ACCOUNT,
  scope: 'global',
  frameworks: {
    fsbp: ['IAM.7'],
    'cis-v3': ['1.8', '1.9'],
    'nist-800-53-r5': ['AC-2(1)', 'AC-2(3)', 'AC-3(15)', 'IA-5(1)'],
    'nist-csf-2.0': ['PR.AA-01', 'PR.AA-03'],
    'pci-dss-v4': ['8.3.6', '8.6.3'],
  },
  parameters: { minimumLength: 14, reusePrevention: 24, maxAgeDays: 90 },
  detect: {
    by: 'managed-rule',
    identifier: 'IAM_PASSWORD_POLICY',
    periodic: true,
    parameters: ({ minimumLength, reusePrevention, maxAgeDays }) => ({
      ...Object.fromEntries(CHARACTER_FIELDS.map((field) => [field, 'true'])),
      MinimumPasswordLength: String(minimumLength),
      PasswordReusePrevention: String(reusePrevention),
      MaxPasswordAge: String(maxAgeDays),
    }),
  },
  triggers: { 'iam:UpdateAccountPasswordPolicy': 'account', 'iam:DeleteAccountPasswordPolicy': 'account' },
  configId: 'id',
  services: ['iam'],
  check({ PasswordPolicy: policy }: State, parameters: Parameters) {
    if (!policy) return { violation: 'The account has no password policy of its own.' };
    const wanting = shortcomings(policy, parameters);
    return wanting.length === 0
      ? 'compliant'
      : { violation: `The account's password policy is too weak: ${wanting.join(', ')}.` };
  },
  violationExamples: [{}, { PasswordPolicy: { MinimumPasswordLength: 6 } }],
  observe: {
    actions: ['iam:GetAccountPasswordPolicy'],
    list: theAccount,
    async read({ iam }) {
      const found = await ignoreNotFound('NoSuchEntityException', () => iam.getAccountPasswordPolicy({}));
      return found?.PasswordPolicy ? { PasswordPolicy: writable(found.PasswordPolicy) } : {};
    },
  },
  repair: {
    actions: ['iam:UpdateAccountPasswordPolicy', 'iam:DeleteAccountPasswordPolicy'],
    risk: 'medium',
    reversible: true,
    maxMode: 'auto',
    desired: ({ PasswordPolicy: policy = UNSET }, parameters) => ({
      PasswordPolicy: {
        ...policy,
        RequireUppercaseCharacters: true,
        RequireLowercaseCharacters: true,
        RequireNumbers: true,
        RequireSymbols: true,
        MinimumPasswordLength: Math.max(policy.MinimumPasswordLength ?? 0, parameters.minimumLength),
        PasswordReusePrevention: Math.max(policy.PasswordReusePrevention ?? 0, parameters.reusePrevention),
        MaxPasswordAge: Math.min(policy.MaxPasswordAge || parameters.maxAgeDays, parameters.maxAgeDays),
      },
    }),
    async write({ iam }, _target, { PasswordPolicy: policy }) {
      if (policy) await iam.updateAccountPasswordPolicy(policy);
      else await ignoreNotFound('NoSuchEntityException', () => iam.deleteAccountPasswordPolicy({}));
      return undefined;
    },
  },
});

function shortcomings(policy: Policy, { minimumLength, reusePrevention, maxAgeDays }: Parameters): string[] {
  const { MinimumPasswordLength: length = 0, PasswordReusePrevention: reuse = 0, MaxPasswordAge: age = 0 } = policy;
  return [
    ...(length < minimumLength ? [`passwords may be shorter than ${minimumLength} characters`] : []),
    ...CHARACTER_FIELDS.filter((field) => !policy[field]).map((field) => `${CHARACTERS[field]} are not required`),
    ...(reuse < reusePrevention ? [`the last ${reusePrevention} passwords may be used again`] : []),
    ...(age === 0 || age > maxAgeDays ? [`passwords may be older than ${maxAgeDays} days`] : []),
  ];
}

function writable(policy: PasswordPolicy): Policy {
  return Object.fromEntries(FIELDS.flatMap((field) => (policy[field] == null ? [] : [[field, policy[field]]])));
}
