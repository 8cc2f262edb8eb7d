import { IAM } from '@aws-sdk/client-iam';
import { personOf } from '../../lib/config/identities.ts';
import type { Actor } from '../../lib/model/actor.ts';
import { settings } from './environment.ts';

const iam = new IAM({});

/** The caller, as AWS reports it and not as the request claims. */
export interface Caller {
  readonly arn: string;
  /** Undefined if AWS does not report which person it is. */
  readonly person: string | undefined;
  /** The caller in the form of CloudTrail. */
  readonly actor: Actor;
}

/** Finds the person with the ARN that API Gateway added to a request. */
export async function callerOf(arn: string): Promise<Caller> {
  const issuer = await roleBehind(arn);
  const type = arn.includes(':assumed-role/') ? 'AssumedRole' : 'IAMUser';
  return { arn, person: personOf(arn, issuer, settings.identities), actor: { type, arn, ...(issuer && { issuer }) } };
}

/**
 * The ARN, with the path, of the role of a session. The function may read only the roles of IAM Identity Center, so a session
 * of any other role is no known person.
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
