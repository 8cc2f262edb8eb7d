import { z } from 'zod';
import { evidenceSchema } from '../evidence/schema.ts';
import { parts } from '../evidence/schema-parts.ts';
import type { Events } from './events.ts';

/*
 * The published schemas of the events on the outcome bus. The types in events.ts declare the same to the compiler, and
 * test/events/events.test.ts compares the two. After a change, run `npm run docs`.
 */

const {
  account,
  actor,
  because,
  templateSource,
  exception,
  hash,
  lastUse,
  operation,
  operatorCommand,
  rollback,
  state,
  target,
  text,
} = parts;

const lastUses = z
  .array(lastUse)
  .readonly()
  .optional()
  .describe('The last use of everything that the repair disables or removes');
const { owner: ownership, origin } = evidenceSchema.shape;
const moment = z.iso.datetime().describe('UTC');
const version = z
  .literal('1')
  .describe('The version of this detail. A new field does not change it; every other change does');
const execution = text.describe('The id of the execution, as commands, evidence and CloudTrail name it');
const machine = text.describe("The ARN of the state machine's execution");
const control = text.describe("The control's id");
const severity = z.enum(['low', 'medium', 'high', 'critical']);
const owner = text.describe('The owner of the resource');
const ownerSource = ownership.shape.from.describe('Where Evenkeel found the owner');
const key = text.describe('The key of a record in the evidence vault');
const violation = text.describe('The violation, in a sentence');
const patch = z.array(operation).readonly().describe('The planned change (RFC 6902)');

const outcome = z.strictObject({
  version,
  execution,
  machine,
  control,
  severity,
  target,
  outcome: evidenceSchema.shape.outcome.unwrap().describe('The outcome of the execution'),
  reason: text.describe('The reasons for the outcome, in sentences'),
  because,
  actor: actor.optional(),
  owner: owner.optional(),
  ownerSource: ownerSource.optional(),
  origin,
  templateSource: templateSource.optional(),
  warning: text.optional().describe('Why the next deployment reverts the repair, and how to fix the template'),
  violation: violation.optional().describe('On an escalation that had a plan: the violation'),
  patch: patch.optional().describe('On an escalation that had a plan: the planned change (RFC 6902)'),
  exceptionExpires: z.iso.date().optional().describe('The last day of the exception that applies to the resource'),
  evidence: z.array(key).readonly().describe("The keys of the execution's records in the vault, oldest first"),
  rollback: rollback.optional(),
  seconds: z.number().min(0).describe('Seconds from the admission of the event to the outcome'),
  reevaluate: z
    .boolean()
    .describe("AWS Config runs the control's rule on a schedule only, and Evenkeel asks it to run the rule now"),
});

const options = <Choice extends string>(...names: readonly [Choice, ...Choice[]]) =>
  z
    .strictObject(Object.fromEntries(names.map((name) => [name, text])) as { readonly [C in Choice]: typeof text }) // of these names
    .describe('The result of each choice, and the command to run');

const approvalRequest = z.strictObject({
  version,
  execution,
  machine,
  control,
  severity,
  target,
  owner,
  ownerSource,
  origin,
  templateSource: templateSource.optional(),
  warning: text.optional().describe('Why the next deployment would revert the repair, and how to fix the template'),
  reason: text.optional().describe('Why approval is required although the configuration does not require it'),
  because: because.optional(),
  lastUse: lastUses,
  actors: z
    .array(actor)
    .readonly()
    .describe('The identities that are known to have caused the violation. None of them may approve'),
  violation,
  before: state.describe('The state before the repair, as the control reads it'),
  patch,
  rollback: rollback
    .optional()
    .describe("Set on the rollback of another execution's repair. violation is then the violation that it restores"),
  plan: hash.describe("SHA-256 of the plan's record. A decision names it, and applies to this plan only"),
  evidence: key.describe("The key of the plan's record in the vault"),
  approvers: z.number().int().min(1).max(2).describe('The number of approvers that are required'),
  expires: moment.describe('The request expires at this time'),
  options: options('approve', 'reject', 'noDecision'),
});

const backlog = z.strictObject({
  version,
  control,
  severity,
  account,
  owner,
  since: moment,
  reason: text.describe('Why the violations form a backlog'),
  because,
  count: z.number().int().min(1).describe('The number of resources'),
  resources: z
    .array(z.strictObject({ execution, region: text, id: text, violation }))
    .readonly()
    .describe('The first of the resources'),
  options: options('show', 'release', 'noDecision'),
});

const gracePeriod = z.strictObject({
  version,
  execution,
  control,
  severity,
  target,
  owner,
  violation,
  patch,
  lastUse: lastUses,
  reason: text.describe('Why the repair waits: in most cases the interruption that it may cause'),
  stage: z.enum(['start', 'last-day']).describe('The start of the grace period, or its last day'),
  since: moment,
  until: moment.describe('The repair is not made before this time'),
});

const circuitBreaker = z.strictObject({
  version,
  account,
  owner,
  reason: text.describe('Why the circuit breaker opened'),
  because,
  since: moment,
  options: options('release', 'noDecision'),
});

const command = z.strictObject({
  version,
  ...operatorCommand.shape,
  at: moment,
  control: control.optional(),
  target: target.optional(),
  evidence: key.describe("The key of the command's record in the vault"),
});

const item = { control, target, owner, since: moment };
const pending = z.strictObject({
  halt: z.strictObject({ by: text, at: moment, reason: text }).optional().describe('A halt of all repairs'),
  approvals: z
    .array(
      z.strictObject({
        ...item,
        execution,
        rollback: text.optional().describe('The execution whose repair the plan rolls back'),
      }),
    )
    .readonly(),
  holds: z
    .array(
      z.strictObject({ ...item, reason: text, because, execution: execution.optional(), until: moment.optional() }),
    )
    .readonly(),
  backlogs: z.array(z.strictObject({ control, account, owner, since: moment })).readonly(),
  circuitBreakers: z.array(z.strictObject({ account, owner, since: moment, reason: text, because })).readonly(),
  exceptions: z.array(exception).readonly(),
});

const reminder = z.strictObject({
  version,
  day: z.iso.date().describe('The day of the reminder, in UTC'),
  pending: pending.describe('The items that have waited for a day, and open circuit breakers and a halt'),
});

const expiring = z.strictObject({
  version,
  exception: exception.describe('The exception, as it is in the exceptions file'),
  days: z.number().int().min(0).describe('How many days the exception applies after today'),
});

/** The schema of each event's detail, with a sentence about when the event is sent. */
export const eventSchemas = {
  'Evenkeel Outcome': outcome.describe('An execution ended. There is exactly one for each admitted event.'),
  'Evenkeel Approval Request': approvalRequest.describe(
    'A repair waits for approval. The event is sent again when the plan changes.',
  ),
  'Evenkeel Backlog': backlog.describe(
    'Existing violations wait for one release. The event is sent again with each daily sweep until then.',
  ),
  'Evenkeel Grace Period': gracePeriod.describe(
    'A repair waits for its owner. The event is sent at the start of the grace period and on its last day.',
  ),
  'Evenkeel Circuit Breaker': circuitBreaker.describe(
    'One account had too many repairs or failures, and its repairs need approval.',
  ),
  'Evenkeel Command': command.describe(
    'An operator command was carried out. The event may be sent twice, with the same record.',
  ),
  'Evenkeel Reminder': reminder.describe('Items have waited for a day. The event is sent once a day.'),
  'Evenkeel Exception Expiring': expiring.describe('An exception expires in 14 days, in 7 days or tomorrow.'),
} as const satisfies { readonly [Type in keyof Events]: z.ZodType };
