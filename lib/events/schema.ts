import { z } from 'zod';
import { evidenceSchema } from '../evidence/schema.ts';
import { parts } from '../evidence/schema-parts.ts';
import type { Events } from './events.ts';

/*
 * The published form of what the hub tells on the outcome bus. The types in outcome.ts say the same to the compiler, and
 * test/lib/events.test.ts holds the two together: a field added there is added here, and `npm run docs` writes it down.
 */

const { account, actor, templateSource, exception, hash, lastUse, operation, order, rollback, state, target, text } =
  parts;

const lastUses = z.array(lastUse).readonly().optional().describe('When what the repair takes away was last used');
const { owner: ownership, origin } = evidenceSchema.shape;
const moment = z.iso.datetime().describe('UTC');
const version = z.literal('1').describe('Of this detail; a new field does not change it, any other change does');
const execution = text.describe('The execution; commands, evidence and CloudTrail name it so');
const machine = text.describe("The ARN of the state machine's execution");
const control = text.describe("The control's id");
const severity = z.enum(['low', 'medium', 'high', 'critical']);
const owner = text.describe('Who answers for the resource');
const ownerSource = ownership.shape.from.describe('Where that was known from');
const key = text.describe('The key of a record in the evidence vault');
const violation = text.describe('What is wrong, in a sentence');
const patch = z.array(operation).readonly().describe('What a repair would do (RFC 6902)');

const outcome = z.strictObject({
  version,
  execution,
  machine,
  control,
  severity,
  target,
  outcome: evidenceSchema.shape.outcome.unwrap().describe('How it ended'),
  reason: text.describe('Why it ended so, in a sentence'),
  actor: actor.optional(),
  owner: owner.optional(),
  ownerSource: ownerSource.optional(),
  origin,
  templateSource: templateSource.optional(),
  warning: text.optional().describe('What will undo the repair, and what to do about that'),
  violation: violation.optional().describe('On an escalation of something that was planned: what was wrong'),
  patch: patch.optional().describe('On an escalation of something that was planned: what was to be done (RFC 6902)'),
  exceptionExpires: z.iso.date().optional().describe('The last day of the exception that spared the resource'),
  evidence: z.array(key).readonly().describe("The keys of the execution's records in the vault, oldest first"),
  rollback: rollback.optional(),
  seconds: z.number().min(0).describe("From the event's admission to the outcome"),
  reevaluate: z.boolean().describe("AWS Config runs the control's rule on a schedule only, and is asked to run it now"),
});

const options = <Way extends string>(...names: readonly [Way, ...Way[]]) =>
  z
    .strictObject(Object.fromEntries(names.map((name) => [name, text])) as { readonly [W in Way]: typeof text }) // of just these
    .describe('What comes of it, and what to run');

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
  warning: text.optional().describe('What would undo the repair, and what to do about that'),
  because: text.optional().describe('Why people are asked, where the config alone would not'),
  lastUse: lastUses,
  actors: z.array(actor).readonly().describe('Everyone who is known to have caused it; none of them may approve'),
  violation,
  before: state.describe('What is there, as the control sees it'),
  patch,
  rollback: rollback
    .optional()
    .describe('Set where it undoes the repair of another execution; violation is then what it brings back'),
  plan: hash.describe("SHA-256 of the plan's record; a decision names it, and holds for no other plan"),
  evidence: key.describe("The key of the plan's record in the vault"),
  approvers: z.number().int().min(1).max(2).describe('How many people must approve'),
  expires: moment.describe('Nothing is approved after it'),
  options: options('approve', 'reject', 'silence'),
});

const backlog = z.strictObject({
  version,
  control,
  severity,
  account,
  owner,
  since: moment,
  reason: text.describe('Why it is a batch'),
  count: z.number().int().min(1).describe('How many resources there are'),
  resources: z
    .array(z.strictObject({ execution, region: text, id: text, violation }))
    .readonly()
    .describe('The first of them'),
  options: options('show', 'release', 'silence'),
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
  because: text.describe('Who would be interrupted'),
  occasion: z.enum(['begins', 'last-day']).describe('It is told when the time begins, and on its last day'),
  since: moment,
  until: moment.describe('Nothing is repaired before'),
});

const circuitBreaker = z.strictObject({
  version,
  account,
  owner,
  reason: text,
  since: moment,
  options: z.strictObject({ release: text, silence: text }).describe('What comes of it, and what to run'),
});

const ordered = z.strictObject({
  version,
  ...order.shape,
  at: moment,
  control: control.optional(),
  target: target.optional(),
  evidence: key.describe("The key of the order's record in the vault"),
});

const item = { control, target, owner, since: moment };
const waiting = z.strictObject({
  halt: z.strictObject({ by: text, at: moment, reason: text }).optional().describe('Somebody stopped all repairs'),
  approvals: z
    .array(
      z.strictObject({
        ...item,
        execution,
        rollback: text.optional().describe('The execution whose repair is to be undone'),
      }),
    )
    .readonly(),
  holds: z
    .array(z.strictObject({ ...item, reason: text, execution: execution.optional(), until: moment.optional() }))
    .readonly(),
  backlogs: z.array(z.strictObject({ control, account, owner, since: moment })).readonly(),
  circuitBreakers: z.array(z.strictObject({ account, owner, since: moment, reason: text })).readonly(),
  exceptions: z.array(exception).readonly(),
});

const reminder = z.strictObject({
  version,
  day: z.iso.date().describe('The day that it is for, in UTC'),
  waiting: waiting.describe('What has waited for a day: `approvals`, `holds`, `batches` and `breakers`, and a `halt`'),
});

const expiring = z.strictObject({
  version,
  exception: exception.describe('The exception, as it stands in the register'),
  days: z.number().int().min(0).describe('How many days it holds after today'),
});

/** The detail of each event by its detail-type, with one sentence that says when it comes. */
export const eventSchemas = {
  'Evenkeel Outcome': outcome.describe('An execution ended: exactly one for each event that was admitted.'),
  'Evenkeel Approval Request': approvalRequest.describe('A repair waits for people; again when its plan changed.'),
  'Evenkeel Backlog': backlog.describe(
    'What already stood in violation waits for one release; again with each daily sweep until then.',
  ),
  'Evenkeel Grace Period': gracePeriod.describe(
    'A repair that interrupts somebody will come; told first, and on the last day.',
  ),
  'Evenkeel Circuit Breaker': circuitBreaker.describe(
    'One account had too many repairs or failures, and its repairs wait for people.',
  ),
  'Evenkeel Command': ordered.describe(
    'A person gave the machine an order, which was carried out; may come again, with the same record.',
  ),
  'Evenkeel Reminder': reminder.describe('Something has waited for people for a day; once a day.'),
  'Evenkeel Exception Expiring': expiring.describe('An exception ends in 14 days, in 7, or tomorrow.'),
} as const satisfies { readonly [Type in keyof Events]: z.ZodType };
