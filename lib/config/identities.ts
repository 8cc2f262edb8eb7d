import type { Actor } from '../model/actor.ts';

/** People who appear under several identities, by a name of their own; each identity is `user/<account>/<name>` or `sso/<user name>`. */
export type Identities = { readonly [name: string]: readonly string[] };

const USER = /^arn:[\w-]+:iam::(\d{12}):user\/(?:[^/]+\/)*([^/]+)$/;
const SESSION = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/;
/** Nobody but IAM Identity Center can make a role below this path, so that its sessions' names are its users'. */
const IDENTITY_CENTER = /^arn:[\w-]+:iam::(\d{12}):role\/aws-reserved\/sso\.amazonaws\.com\/(?:[^/]+\/)?([^/]+)$/;

/**
 * The person behind an identity, in the one form in which people are compared: an IAM user, or a user of IAM Identity Center
 * whatever the permission set and account. Undefined for everything else: a session whose name anyone may choose is nobody.
 * @param arn the caller, as CloudTrail or API Gateway names it
 * @param role the ARN of the session's role with its path, as AWS tells it; without it no session is believed
 */
export function personOf(
  arn: string | undefined,
  role: string | undefined,
  identities: Identities = {},
): string | undefined {
  const identity = userOf(arn) ?? identityCenterUserOf(arn, role);
  if (identity === undefined) return undefined;
  return (
    Object.entries(identities).find(([, identities]) => identities.some((one) => isSamePerson(one, identity)))?.[0] ??
    identity
  );
}

/** Whether two spellings name one person; Identity Center takes user names without regard to case. */
export const isSamePerson = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

function userOf(arn = ''): string | undefined {
  const [, account, name] = USER.exec(arn) ?? [];
  return account && `user/${account}/${name}`;
}

function identityCenterUserOf(arn = '', role = ''): string | undefined {
  const [, account, name, session] = SESSION.exec(arn) ?? [];
  const [, owner, made] = IDENTITY_CENTER.exec(role) ?? [];
  return account !== undefined && account === owner && name === made ? `sso/${session?.toLowerCase()}` : undefined;
}

/** The person in whose name a change was made, also where a service made it for him; undefined where none is known. */
export const personOfActor = ({ arn, issuer }: Actor, identities?: Identities): string | undefined =>
  personOf(arn, issuer, identities);
