import { z } from 'zod';
import type { State } from '../model/control.ts';
import type { Patch } from '../model/patch.ts';
import type { RecordedReason } from '../text/reasons.ts';

const text = z.string().min(1);
const moment = z.iso.datetime({ precision: 3 }).describe('UTC, in milliseconds');
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const account = z.string().regex(/^\d{12}$/);
const recordKey = z.string().regex(/^evidence\/\d{4}\/\d{2}\/\d{2}\/\d{12}\/[^/]+\/[1-9]\d*-[a-z]+\.json$/);
const state = z.record(z.string(), z.json()) as unknown as z.ZodType<State>; // an absent property is `undefined` in memory only

const target = z
  .strictObject({ account, region: text, partition: text, id: text })
  .describe("The resource, by the id that its service's API uses; for a setting of an account, the account number");
const owner = z
  .strictObject({
    name: text,
    from: z.enum(['config account', 'stack tag', 'resource tag', 'config default', 'not governed any more']),
  })
  .describe('The owner of the resource, and the source of that information');
const actor = z
  .strictObject({ type: text, arn: text.optional(), issuer: text.optional(), invokedBy: text.optional() })
  .describe(
    "The identity that made the change, from CloudTrail's userIdentity; absent if only AWS Config or a sweep saw it",
  );
const exception = z
  .strictObject({
    id: text,
    control: text,
    template: z.strictObject({ stack: text, resource: text.optional() }).optional(),
    live: z.strictObject({ account, region: text.optional(), resource: text.optional() }).optional(),
    owner: text,
    reason: text,
    ticket: text,
    approver: text,
    expires: z.iso.date(),
  })
  .describe('The exception that exempts the resource, as it was in the exceptions file at that time');
const decision = z
  .strictObject({
    verdict: z.enum(['approved', 'rejected']),
    by: text,
    identity: text,
    reason: z.string(),
    plan: hash.describe("SHA-256 of the plan's record; the decision is valid for this plan only"),
  })
  .describe('The decision of one person on one plan');
const operatorCommand = z
  .strictObject({
    kind: z.enum(['halt', 'resume', 'release', 'release-account', 'release-backlog', 'rollback']),
    by: text,
    identity: text,
    reason: text,
    execution: text.optional(),
    resources: z.number().int().min(0).optional().describe('The number of resources, if the command is about several'),
  })
  .describe('The command of an operator');
const rollback = z
  .strictObject({
    execution: text.describe('The execution whose repair is rolled back'),
    holdDays: z.number().int().describe('The number of days for which the resource is then on hold for the control'),
  })
  .describe('Set if the execution restores the state before an earlier repair');
const path = z.string().describe('JSON Pointer');
const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['add', 'replace', 'test']), path, value: z.json() }),
  z.strictObject({ op: z.literal('remove'), path }),
  z.strictObject({ op: z.enum(['move', 'copy']), from: path, path }),
]) as unknown as z.ZodType<Patch[number]>; // the values of `Operation` are `any`

const templateSource = z
  .strictObject({
    stack: text,
    logicalId: text,
    repository: text.optional(),
    commit: text.optional(),
    patch: z.array(operation).readonly().optional().describe('The fix of the template, from its root (RFC 6902)'),
  })
  .describe('The stack and template that define the resource');
const lastUse = z.strictObject({
  what: text,
  at: text.optional(),
  service: text.optional(),
  region: text.optional(),
});

const because = z
  .array(z.object({ code: text }).catchall(z.json()) as unknown as z.ZodType<RecordedReason>) // a fact may be undefined in memory
  .readonly()
  .describe('The reasons as codes with their facts. The sentences beside them word these reasons in the same order');

/**
 * The same schema with objects that accept unknown fields, at every depth: a reader must accept the records of later versions.
 */
export function tolerant<T>(schema: z.ZodType<T>): z.ZodType<T> {
  return loosened(schema) as z.ZodType<T>; // unknown fields do not change the type of the known ones
}

function loosened(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject)
    return z.looseObject(
      Object.fromEntries(Object.entries(schema.shape).map(([key, inner]) => [key, loosened(inner)])),
    );
  if (schema instanceof z.ZodArray) return z.array(loosened(schema.element));
  if (schema instanceof z.ZodUnion) return z.union(schema.options.map(loosened));
  if (schema instanceof z.ZodOptional) return z.optional(loosened(schema.unwrap()));
  if (schema instanceof z.ZodNullable) return z.nullable(loosened(schema.unwrap()));
  if (schema instanceof z.ZodReadonly) return z.readonly(loosened(schema.unwrap()));
  return schema;
}

/** The parts of the published schemas of evidence and events. */
export const parts = {
  text,
  because,
  moment,
  hash,
  account,
  recordKey,
  state,
  target,
  owner,
  actor,
  exception,
  decision,
  operatorCommand,
  rollback,
  operation,
  templateSource,
  lastUse,
};
