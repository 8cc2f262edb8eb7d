import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Policy } from './template.ts';

/** A call as AWS sees it when it decides. */
export interface Call {
  /** A session of a role, or a user. */
  readonly principal: string;
  readonly action: string;
  readonly resource?: string;
  /** The account that decides by its resource's policy. */
  readonly owner: string;
  /**
   * What AWS says of the owner, `owner` unless told: nothing for some actions that know no resource, and another account
   * for a resource there whose policy lets the caller in.
   */
  readonly told?: string | undefined;
  readonly identityPolicies?: readonly Policy[];
  readonly resourcePolicy?: Policy;
  /** What the request says beside that, by condition key. */
  readonly context?: { readonly [key: string]: string | string[] };
}

/** Whether AWS would let a call through, by the policies alone. */
export async function may(call: Call): Promise<boolean> {
  const { principal, action, resource = '*', owner, identityPolicies = [], resourcePolicy, context } = call;
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: owner },
        contextVariables: {
          ...('told' in call ? call.told && { 'aws:ResourceAccount': call.told } : { 'aws:ResourceAccount': owner }),
          'aws:SecureTransport': 'true',
          ...context,
        },
      },
      identityPolicies: identityPolicies.map((policy, index) => ({ name: `policy-${index}`, policy })),
      resourcePolicy,
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(JSON.stringify(result.errors, null, 2));
  return result.overallResult === 'Allowed';
}

/** The ARN of a role's session. */
const session = (account: string, role: string): string =>
  `arn:aws:sts::${account}:assumed-role/${role}/b7e0c1f2-0000-8000-8000-000000000000`;

/** What every call of a role's session says of its role. */
export const asRole = (account: string, role: string) => ({
  principal: session(account, role),
  context: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/${role}`, 'aws:PrincipalAccount': account },
});

/** An administrator of an account: everything is allowed that no other policy refuses. */
export const admin = (account: string) =>
  ({
    ...asRole(account, 'admin'),
    identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
  }) satisfies Partial<Call>;
