import type { Cases } from './cases.ts';

const strong = {
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  RequireNumbers: true,
  RequireSymbols: true,
  MinimumPasswordLength: 14,
  PasswordReusePrevention: 24,
  MaxPasswordAge: 90,
};

export const cases: Cases = {
  valid: [
    { name: 'exactly as required', state: { PasswordPolicy: strong } },
    {
      name: 'stricter than required',
      state: { PasswordPolicy: { ...strong, MinimumPasswordLength: 20, MaxPasswordAge: 30, HardExpiry: true } },
    },
    {
      name: 'the weakest policy that the parameters allow',
      state: { PasswordPolicy: { ...strong, MinimumPasswordLength: 12, MaxPasswordAge: 365 } },
      parameters: { minimumLength: 12, reusePrevention: 24, maxAgeDays: 365 },
    },
  ],
  invalid: [
    {
      name: 'no policy: the weak default of AWS applies',
      state: {},
      violation: 'The account has no password policy.',
      desired: { PasswordPolicy: { ...strong, AllowUsersToChangePassword: false, HardExpiry: false } },
    },
    {
      name: 'an empty policy',
      state: { PasswordPolicy: {} },
      violation: new RegExp(
        [
          'shorter than 14 characters, upper case letters are not required, lower case letters are not required, ',
          'numbers are not required, symbols are not required, the last 24 passwords may be used again and ',
          'passwords may be older than 90 days\\.$',
        ].join(''),
      ),
      desired: { PasswordPolicy: strong },
    },
    {
      name: 'stricter values and other fields are kept',
      state: {
        PasswordPolicy: {
          ...strong,
          MinimumPasswordLength: 8,
          MaxPasswordAge: 45,
          AllowUsersToChangePassword: true,
          HardExpiry: false,
        },
      },
      violation: "The account's password policy is too weak: passwords may be shorter than 14 characters.",
      desired: {
        PasswordPolicy: { ...strong, MaxPasswordAge: 45, AllowUsersToChangePassword: true, HardExpiry: false },
      },
    },
    {
      name: 'passwords that never expire',
      state: { PasswordPolicy: { ...strong, MaxPasswordAge: 0 } },
      violation: /older than 90 days/,
      desired: { PasswordPolicy: strong },
    },
    {
      name: 'stricter parameters',
      state: { PasswordPolicy: strong },
      parameters: { minimumLength: 16, reusePrevention: 24, maxAgeDays: 60 },
      violation: /shorter than 16 characters and passwords may be older than 60 days/,
      desired: { PasswordPolicy: { ...strong, MinimumPasswordLength: 16, MaxPasswordAge: 60 } },
    },
  ],
  live: {
    create: [{ call: 'iam:updateAccountPasswordPolicy', input: { ...strong, AllowUsersToChangePassword: true } }],
    break: [
      {
        call: 'iam:updateAccountPasswordPolicy',
        input: { MinimumPasswordLength: 8, MaxPasswordAge: 45, AllowUsersToChangePassword: true },
      },
    ],
    alsoBreak: [[{ call: 'iam:deleteAccountPasswordPolicy', input: {} }]],
    id: '{account}',
    remove: [{ call: 'iam:deleteAccountPasswordPolicy', input: {} }],
  },
};
