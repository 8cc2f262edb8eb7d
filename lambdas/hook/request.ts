import * as z from 'zod/mini';
import type { Json } from '../../lib/model/control.ts';

const text = z.nullish(z.string());

// AWS spells two of the names in two ways on one page, in the syntax and in the examples.
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

/** What CloudFormation asks of the hook. */
export interface HookRequest {
  /** The stack's name; undefined where CloudFormation tells none. */
  readonly stack: string | undefined;
  /** Something goes away, which no control is about. */
  readonly deletes: boolean;
  readonly target: HookTarget;
}

/** What is to be judged: a resource as it will be made, or what lies behind a presigned URL about a template. */
export type HookTarget =
  | {
      readonly kind: 'resource';
      readonly type: string;
      readonly logicalId: string;
      readonly properties: { readonly [property: string]: Json };
    }
  | { readonly kind: 'stack' | 'change-set'; readonly payload: string };

/** Reads CloudFormation's request; throws where it is none that the documentation knows. */
export function requestOf(event: unknown): HookRequest {
  const { data, error } = invocation.safeParse(event);
  if (error) throw new Error(`The request is none that CloudFormation is documented to send: ${faults(error)}.`);
  const { stackId, stackID, actionInvocationPoint, requestData } = data;
  return {
    stack: stackName(stackId ?? stackID),
    deletes: actionInvocationPoint?.startsWith('DELETE') ?? false,
    target: targetOf(requestData),
  };
}

const faults = ({ issues }: z.core.$ZodError) =>
  issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`).join(', ');

/** The token that every answer must repeat, also the one to a request that cannot be read. */
export function tokenOf(event: unknown): string | undefined {
  const { data } = z.object({ clientRequestToken: text, clientRequesttoken: text }).safeParse(event);
  return data?.clientRequestToken ?? data?.clientRequesttoken ?? undefined;
}

function targetOf({ targetName, targetLogicalId, targetModel, payload }: z.output<typeof invocation>['requestData']) {
  if (targetName !== 'STACK' && targetName !== 'CHANGE_SET') {
    const properties = targetModel?.resourceProperties ?? {};
    return { kind: 'resource', type: targetName, logicalId: targetLogicalId, properties } as const;
  }
  if (!payload) throw new Error(`The request about a ${targetName} names no payload to fetch the template from.`);
  return { kind: targetName === 'STACK' ? 'stack' : 'change-set', payload } as const;
}

/** From `arn:aws:cloudformation:<region>:<account>:stack/<name>/<uuid>`. */
const stackName = (arn: string | null | undefined) => arn?.split(':')[5]?.split('/')[1];
