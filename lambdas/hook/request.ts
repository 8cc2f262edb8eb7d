import * as z from 'zod/mini';
import type { Json } from '../../lib/model/control.ts';

const text = z.nullish(z.string());

// The documentation spells two of the names differently in the syntax and in the examples.
const invocation = z.object({
  clientRequestToken: text,
  clientRequesttoken: text,
  stackId: text,
  stackID: text,
  actionInvocationPoint: text,
  requestData: z.object({
    targetName: z.string(),
    targetLogicalId: z.string(),
    targetModel: z.nullish(z.object({ resourceProperties: z.nullish(z.record(z.string(), z.json())) })),
    payload: text,
  }),
});

/** A request of CloudFormation to the hook. */
export interface HookRequest {
  /** The name of the stack; undefined if CloudFormation sends none. */
  readonly stack: string | undefined;
  /** Whether the request is a deletion, which no control evaluates. */
  readonly deletes: boolean;
  readonly target: HookTarget;
}

/** The target of an evaluation: a resource with its new properties, or the presigned URL of a template. */
export type HookTarget =
  | {
      readonly kind: 'resource';
      readonly type: string;
      readonly logicalId: string;
      readonly properties: { readonly [property: string]: Json };
    }
  | { readonly kind: 'stack' | 'change-set'; readonly payload: string };

/** Parses a request. Throws if it does not have the documented format. */
export function requestOf(event: unknown): HookRequest {
  const { data, error } = invocation.safeParse(event);
  if (error) throw new Error(`The request does not have the format that CloudFormation documents: ${faults(error)}.`);
  const { stackId, stackID, actionInvocationPoint, requestData } = data;
  return {
    stack: stackName(stackId ?? stackID),
    deletes: actionInvocationPoint?.startsWith('DELETE') ?? false,
    target: targetOf(requestData),
  };
}

const faults = ({ issues }: z.core.$ZodError) =>
  issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`).join(', ');

/** The token that every answer repeats, also the answer to a request that cannot be parsed. */
export function tokenOf(event: unknown): string | undefined {
  const { data } = z.object({ clientRequestToken: text, clientRequesttoken: text }).safeParse(event);
  return data?.clientRequestToken ?? data?.clientRequesttoken ?? undefined;
}

function targetOf({ targetName, targetLogicalId, targetModel, payload }: z.output<typeof invocation>['requestData']) {
  if (targetName !== 'STACK' && targetName !== 'CHANGE_SET') {
    const properties = targetModel?.resourceProperties ?? {};
    return { kind: 'resource', type: targetName, logicalId: targetLogicalId, properties } as const;
  }
  if (!payload) throw new Error(`The request for a ${targetName} has no payload URL.`);
  return { kind: targetName === 'STACK' ? 'stack' : 'change-set', payload } as const;
}

/** The name in `arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>`. */
const stackName = (arn: string | null | undefined) => arn?.split(':')[5]?.split('/')[1];
