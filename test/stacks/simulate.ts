import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Policy } from './template.ts';

/** A call as AWS authorizes it. */
export interface Call {
  /** A session of a role, or a user. */
  readonly principal: string;
  readonly action: string;
  readonly resource?: string;
  /** The account whose resource policy applies. */
  readonly owner: string;
  /**
   * The account that AWS reports as the owner of the resource; by default `owner`. AWS reports none for some actions
   * without a resource, and another account for a foreign resource.
   */
  readonly reported?: string | undefined;
  readonly identityPolicies?: readonly Policy[];
  readonly resourcePolicy?: Policy;
  /** The other condition keys of the request. */
  readonly context?: { readonly [key: string]: string | string[] };
}

/** Whether the policies allow a call. */
export async function may(call: Call): Promise<boolean> {
  const { principal, action, resource = '*', owner, identityPolicies = [], resourcePolicy, context } = call;
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: owner },
        contextVariables: {
          ...('reported' in call
            ? call.reported && { 'aws:ResourceAccount': call.reported }
            : { 'aws:ResourceAccount': owner }),
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

/** The condition keys of a call of a role's session. */
export const asRole = (account: string, role: string) => ({
  principal: session(account, role),
  context: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/${role}`, 'aws:PrincipalAccount': account },
});

/** An administrator of an account: every call is allowed that no other policy denies. */
export const admin = (account: string) =>
  ({
    ...asRole(account, 'admin'),
    identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
  }) satisfies Partial<Call>;
