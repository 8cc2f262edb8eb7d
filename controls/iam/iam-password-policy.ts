import type { PasswordPolicy } from '@aws-sdk/client-iam';
import { defineControl, type StateOf } from '../../lib/model/index.ts';
import { listed } from '../../lib/text/words.ts';
import { ignoreNotFound } from '../errors.ts';
import { accountSettings } from './account-settings.ts';

type Policy = NonNullable<StateOf<typeof accountSettings.properties, 'PasswordPolicy'>['PasswordPolicy']>;
type Parameters = { readonly minimumLength: number; readonly reusePrevention: number; readonly maxAgeDays: number };

const CHARACTERS = {
  RequireUppercaseCharacters: 'upper case letters',
  RequireLowercaseCharacters: 'lower case letters',
  RequireNumbers: 'numbers',
  RequireSymbols: 'symbols',
} as const;
const CHARACTER_FIELDS = Object.keys(CHARACTERS) as (keyof typeof CHARACTERS)[]; // keys of a constant are its own type

// An update resets omitted fields to their defaults, so the state has all writable fields.
const FIELDS = Object.keys(accountSettings.properties.PasswordPolicy.properties) as (keyof Policy)[]; // as above

// Values of a new policy for the fields that the rule does not check; AWS returns them.
const UNSET: Policy = { AllowUsersToChangePassword: false, HardExpiry: false };

/** Requires a strong password policy for IAM users. */
export const iamPasswordPolicy = defineControl({
  id: 'iam-password-policy',
  title: 'The account has a strong password policy for IAM users',
  rationale: 'Attackers guess weak passwords and find old or reused ones in leaks, and then sign in to the console.',
  severity: 'medium',
  frameworks: {
    fsbp: ['IAM.7'],
    'cis-v3': ['1.8', '1.9'],
    'nist-800-53-r5': ['AC-2(1)', 'AC-2(3)', 'AC-3(15)', 'IA-5(1)'],
    'nist-csf-2.0': ['PR.AA-01', 'PR.AA-03'],
    'pci-dss-v4': ['8.3.6', '8.6.3'],
  },
  parameters: { minimumLength: 14, reusePrevention: 24, maxAgeDays: 90 },
  resource: accountSettings,
  facets: ['passwordPolicy'],
  state: ({ passwordPolicy: { policy } }) => (policy ? { PasswordPolicy: writable(policy) } : {}),
  rule: {
    properties: ['PasswordPolicy'],
    check({ PasswordPolicy: policy }, parameters) {
      if (!policy) return { violation: 'The account has no password policy.' };
      const weak = weaknesses(policy, parameters);
      return weak.length === 0
        ? 'compliant'
        : { violation: `The account's password policy is too weak: ${listed(weak)}.` };
    },
    violationExamples: [{}, { PasswordPolicy: { MinimumPasswordLength: 6 } }],
  },
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
  triggers: { account: ['iam:UpdateAccountPasswordPolicy', 'iam:DeleteAccountPasswordPolicy'] },
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
    },
    caution({ PasswordPolicy: from }, { PasswordPolicy: to }) {
      const age = to?.MaxPasswordAge ?? 0;
      const isEarlier = age > 0 && age < (from?.MaxPasswordAge || Number.POSITIVE_INFINITY);
      return to?.HardExpiry && isEarlier ? { maxMode: 'approve', because: lockout(age) } : undefined;
    },
  },
});

// IAM applies an expiry at once, and after a hard expiry users cannot set a new password in the console.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PasswordPolicy.html
const lockout = (days: number) =>
  `The policy has a hard expiry, so console users with a password older than ${days} days are locked out until an administrator resets it.`;

function weaknesses(policy: Policy, { minimumLength, reusePrevention, maxAgeDays }: Parameters): string[] {
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
