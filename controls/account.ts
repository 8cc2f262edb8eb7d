import { ACCOUNT, type defineResource } from '../lib/model/index.ts';

/** The type and listing of account settings: the account is the only resource, and the account id is its id. */
export const accountSetting = {
  type: ACCOUNT,
  list: {
    actions: [],
    async *all(_clients: object, { account }: { readonly account: string }) {
      yield { id: account };
    },
  },
} as const satisfies Pick<Parameters<typeof defineResource>[0], 'type' | 'list'>;
