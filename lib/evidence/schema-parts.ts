import { z } from 'zod';
import type { State } from '../model/control.ts';
import type { Patch } from '../model/patch.ts';

const text = z.string().min(1);
const moment = z.iso.datetime({ precision: 3 }).describe('UTC, in milliseconds');
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const account = z.string().regex(/^\d{12}$/);
const recordKey = z.string().regex(/^evidence\/\d{4}\/\d{2}\/\d{2}\/\d{12}\/[^/]+\/[1-9]\d*-[a-z]+\.json$/);
const state = z.record(z.string(), z.json()) as unknown as z.ZodType<State>; // what is absent is undefined in memory only

const target = z
  .strictObject({ account, region: text, partition: text, id: text })
  .describe("The resource, by the id that its service's API takes; for a setting of an account, the account's number");
const owner = z
  .strictObject({
    name: text,
    from: z.enum(['config account', 'stack tag', 'resource tag', 'config default', 'not governed any more']),
  })
  .describe('Who answers for the resource, and where that was known from');
const actor = z
  .strictObject({ type: text, arn: text.optional(), issuer: text.optional(), invokedBy: text.optional() })
  .describe("Who caused the change, from CloudTrail's userIdentity; absent where only AWS Config or a sweep saw it");
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
  .describe('The exception that spared the resource, as it stood in the register at that moment');
const decision = z
  .strictObject({
    verdict: z.enum(['approved', 'rejected']),
    by: text,
    identity: text,
    reason: z.string(),
    plan: hash.describe("SHA-256 of the plan's record; the decision holds for that plan alone"),
  })
  .describe('What one person said of one plan');
const operatorCommand = z
  .strictObject({
    kind: z.enum(['halt', 'resume', 'release', 'release-account', 'release-backlog', 'rollback']),
    by: text,
    identity: text,
    reason: text,
    execution: text.optional(),
    resources: z.number().int().min(0).optional().describe('How many it is about, where it is about a list of them'),
  })
  .describe('What one person told the machine to do or to leave');
const rollback = z
  .strictObject({
    execution: text.describe('The execution whose repair is undone'),
    holdDays: z.number().int().describe('For how many days the control is then held off the resource'),
  })
  .describe('That the execution brings back what was before another one repaired it');
const path = z.string().describe('JSON Pointer');
const operation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['add', 'replace', 'test']), path, value: z.json() }),
  z.strictObject({ op: z.literal('remove'), path }),
  z.strictObject({ op: z.enum(['move', 'copy']), from: path, path }),
]) as unknown as z.ZodType<Patch[number]>; // whose values are `any`

const templateSource = z
  .strictObject({
    stack: text,
    logicalId: text,
    repository: text.optional(),
    commit: text.optional(),
    patch: z.array(operation).readonly().optional().describe('What puts the template right, from its root (RFC 6902)'),
  })
  .describe("Where a stack's template declares the resource, and where that template came from");
const lastUse = z.strictObject({
  what: text,
  at: text.optional(),
  service: text.optional(),
  region: text.optional(),
});

/** What the published schemas are made of, those of what lies in the vault and those of events. */
export const parts = {
  text,
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
  order: operatorCommand,
  rollback,
  operation,
  templateSource,
  lastUse,
};
