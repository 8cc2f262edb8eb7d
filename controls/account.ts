import { ACCOUNT, type defineResource } from '../lib/model/index.ts';

/** The parts of a resource type that all settings of an account share: the account is the only resource, and its number the id. */
export const accountSetting = {
  type: ACCOUNT,
  list: {
    actions: [],
    async *all(_clients: object, { account }: { readonly account: string }) {
      yield { id: account };
    },
  },
} as const satisfies Pick<Parameters<typeof defineResource>[0], 'type' | 'list'>;
