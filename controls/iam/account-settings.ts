import type { PasswordPolicy } from '@aws-sdk/client-iam';
import { boolean, defineResource, number, object } from '../../lib/model/index.ts';
import { accountSetting } from '../account.ts';
import { ignoreNotFound } from '../errors.ts';

/** IAM settings of an account. */
export const accountSettings = defineResource({
  ...accountSetting,
  scope: 'global',
  services: ['iam'],
  properties: {
    PasswordPolicy: object({
      AllowUsersToChangePassword: boolean(),
      HardExpiry: boolean(),
      MaxPasswordAge: number(),
      MinimumPasswordLength: number(),
      PasswordReusePrevention: number(),
      RequireUppercaseCharacters: boolean(),
      RequireLowercaseCharacters: boolean(),
      RequireNumbers: boolean(),
      RequireSymbols: boolean(),
    }),
  },
  facets: {
    /** The password policy; `policy` is absent if the account has none. */
    passwordPolicy: {
      actions: ['iam:GetAccountPasswordPolicy'],
      async read({ iam }): Promise<{ readonly policy?: PasswordPolicy }> {
        const found = await ignoreNotFound('NoSuchEntityException', () => iam.getAccountPasswordPolicy({}));
        return { policy: found?.PasswordPolicy };
      },
    },
  },
});
