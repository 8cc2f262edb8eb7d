/** An account and a region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The credentials of a call; a root key has no session token. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The place of the hub stack. */
export const hub: Place = { account: '111111111111', region: 'eu-west-1' };

/** The organization of all accounts. */
export const organization = 'o-evenkeel0001';

/** The governed accounts and regions; global services report their events in us-east-1. */
export const governed: readonly Place[] = ['111111111111', '222222222222'].flatMap((account) =>
  ['eu-west-1', 'us-east-1'].map((region) => ({ account, region })),
);

/** The governed accounts' ids. */
export const accounts: readonly string[] = [...new Set(governed.map(({ account }) => account))];

/** The root of an account, whose key id is the account number. It only bootstraps, deploys, creates users and inspects. */
export function rootOf(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: 'sandbox' };
}
