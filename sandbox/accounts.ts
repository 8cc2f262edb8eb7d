/** Where a stack stands, or a call goes. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Signs a call; a root key has no session token. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where the hub stack stands. */
export const hub: Place = { account: '111111111111', region: 'eu-west-1' };

/** The organization that all accounts of the sandbox belong to. */
export const organization = 'o-evenkeel0001';

/** Every governed account and region; us-east-1 is also where global services leave their events. */
export const governed: readonly Place[] = ['111111111111', '222222222222'].flatMap((account) =>
  ['eu-west-1', 'us-east-1'].map((region) => ({ account, region })),
);

/** The governed accounts' ids. */
export const accounts: readonly string[] = [...new Set(governed.map(({ account }) => account))];

/** An account's root, whose key id is the account's: it bootstraps, deploys and makes users, and nothing else. */
export function rootOf(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: 'sandbox' };
}
