import type { Actor } from '../model/actor.ts';

/** The identities of each person who has several, by a name of your choice: `user/<account>/<name>` or `sso/<user name>`. */
export type Identities = { readonly [name: string]: readonly string[] };

const USER = /^arn:[\w-]+:iam::(\d{12}):user\/(?:[^/]+\/)*([^/]+)$/;
const SESSION = /^arn:[\w-]+:sts::(\d{12}):assumed-role\/([^/]+)\/([^/]+)$/;
/** Only IAM Identity Center can create a role under this path, so the session names of such a role are user names. */
const IDENTITY_CENTER = /^arn:[\w-]+:iam::(\d{12}):role\/aws-reserved\/sso\.amazonaws\.com\/(?:[^/]+\/)?([^/]+)$/;

/**
 * The person behind an identity, in the form in which Evenkeel compares people: an IAM user, or a user of IAM Identity Center in
 * any account and with any permission set. Undefined for every other session, because the caller chooses its name.
 * @param arn the caller, as CloudTrail or API Gateway reports it
 * @param role the ARN of the session's role with its path, as AWS reports it; a session without it is not trusted
 */
export function personOf(
  arn: string | undefined,
  role: string | undefined,
  identities: Identities = {},
): string | undefined {
  const identity = userOf(arn) ?? identityCenterUserOf(arn, role);
  if (identity === undefined) return undefined;
  const known = Object.entries(identities).find(([, all]) => all.some((one) => isSamePerson(one, identity)));
  return known?.[0] ?? identity;
}

/** Whether two names mean one person; user names of Identity Center are not case-sensitive. */
export const isSamePerson = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

function userOf(arn = ''): string | undefined {
  const [, account, name] = USER.exec(arn) ?? [];
  return account && `user/${account}/${name}`;
}

function identityCenterUserOf(arn = '', role = ''): string | undefined {
  const [, account, name, session] = SESSION.exec(arn) ?? [];
  const [, roleAccount, roleName] = IDENTITY_CENTER.exec(role) ?? [];
  const isOwnRole = account !== undefined && account === roleAccount && name === roleName;
  return isOwnRole ? `sso/${session?.toLowerCase()}` : undefined;
}

/** The person who made a change, directly or through an AWS service; undefined if no person is known. */
export const personOfActor = ({ arn, issuer }: Actor, identities?: Identities): string | undefined =>
  personOf(arn, issuer, identities);
