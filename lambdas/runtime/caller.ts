import { IAM } from '@aws-sdk/client-iam';
import { personOf } from '../../lib/config/identities.ts';
import type { Actor } from '../../lib/model/actor.ts';
import { settings } from './environment.ts';

const iam = new IAM({});

/** Who calls, as AWS says and not the request. */
export interface Caller {
  readonly arn: string;
  /** Undefined where AWS does not say which person it is. */
  readonly person: string | undefined;
  /** The caller as CloudTrail would name him. */
  readonly actor: Actor;
}

/** Finds the person behind the ARN that API Gateway put into a request. */
export async function callerOf(arn: string): Promise<Caller> {
  const issuer = await roleBehind(arn);
  const type = arn.includes(':assumed-role/') ? 'AssumedRole' : 'IAMUser';
  return { arn, person: personOf(arn, issuer, settings.identities), actor: { type, arn, ...(issuer && { issuer }) } };
}

/**
 * The ARN with its path of the role that a session is of. The function may read the roles of Identity Center alone, so that any
 * other role stays unknown, and the session with it nobody.
 */
async function roleBehind(arn: string): Promise<string | undefined> {
  const [, RoleName] = /:assumed-role\/(AWSReservedSSO_[^/]+)\//.exec(arn) ?? [];
  if (!RoleName) return undefined;
  try {
    return (await iam.getRole({ RoleName })).Role?.Arn;
  } catch (error) {
    if (
      error instanceof Error &&
      ['NoSuchEntityException', 'AccessDenied', 'AccessDeniedException'].includes(error.name)
    )
      return undefined;
    throw error;
  }
}
