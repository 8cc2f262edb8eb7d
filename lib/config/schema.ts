import { z } from 'zod';
import { HOOK_MODES, MODES, MODES_OR_OFF } from './modes.ts';
import { OWNER_TAG } from './tags.ts';

const mode = z.enum(MODES);
const modeOrOff = z.enum(MODES_OR_OFF);
const days = z.number().min(0).max(365);
const hookMode = z.enum(HOOK_MODES);
const account = z.string().regex(/^\d{12}$/, 'must be an account number of 12 digits, in quotes');
const region = z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/, 'must be an AWS region such as "eu-west-1"');
const identity = z
  .string()
  .regex(
    /^(user\/\d{12}\/[^/]+|sso\/.+)$/,
    'must be "user/<account>/<name>" or "sso/<user name of IAM Identity Center>"',
  );
const limit = z.number().int().min(1);
const circuitBreaker = z.strictObject({
  /** The length of the window in which repairs and failures are counted. */
  minutes: limit.max(24 * 60),
  /** The circuit breaker opens after more repairs than this. */
  repairs: limit,
  /** The circuit breaker opens after more escalations than this. */
  failures: limit,
});
const parameter = z.union([z.number(), z.string(), z.boolean(), z.array(z.number()), z.array(z.string())]);

/** The schema of a config, with its defaults; `checkConfig` checks the rest. */
export const configSchema = z.strictObject({
  /** The account and region of the hub. */
  hub: z.strictObject({ account, region }),
  /** The id of your organization in AWS Organizations; trust is then limited to it. */
  organization: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'must be an organization id such as "o-a1b2c3d4e5"')
    .optional(),
  /** The default mode of all controls. */
  mode: mode.default('observe'),
  /** By control: its mode, `off`, or an object with its mode, parameters and grace period. */
  controls: z
    .record(
      z.string(),
      z.union([
        modeOrOff,
        z.strictObject({
          mode: modeOrOff.optional(),
          parameters: z.record(z.string(), parameter).optional(),
          gracePeriodDays: days.optional(),
        }),
      ]),
    )
    .default({}),
  /** The region of the account stacks. Default: the region in which the partition's global services report events. */
  accountRegion: region.optional(),
  /** The governed accounts, by account number. */
  accounts: z.record(
    account,
    z.strictObject({
      regions: z.array(region).min(1, 'must name at least one region'),
      /** The owner of the account: a team or an e-mail address. */
      owner: z.string().min(1).optional(),
      mode: mode.optional(),
      controls: z
        .record(
          z.string(),
          z.union([modeOrOff, z.strictObject({ mode: modeOrOff.optional(), gracePeriodDays: days.optional() })]),
        )
        .default({}),
      hook: hookMode.optional(),
      /** Limits of the circuit breaker that differ from those for all accounts. */
      circuitBreaker: circuitBreaker.partial().optional(),
      /** Set it to `create` if AWS Config does not record in the account yet; the region stack then adds a recorder. */
      recorder: z.enum(['existing', 'create']).default('existing'),
    }),
  ),
  /** The owner of every resource for which no account entry or tag names one. */
  owner: z.string().min(1),
  /** The key of the tag that names the owner of a stack or a resource; it counts if the account names no owner. */
  ownerTag: z.string().min(1).max(128).default(OWNER_TAG),
  /** The e-mail addresses that receive all notifications: escalations, approval requests, reminders and alarms. */
  notify: z.array(z.email()).default([]),
  /** By owner: the e-mail addresses that receive the notifications about the owner's resources. */
  owners: z
    .record(z.string().min(1), z.strictObject({ emails: z.array(z.email()).min(1, 'must name at least one address') }))
    .default({}),
  /** The hour of the day, in UTC, at which reminders of open items are sent. */
  remindAtHour: z.number().int().min(0).max(23).default(7),
  evidence: z
    .strictObject({
      retentionDays: z.number().int().min(1).max(36500).default(400),
      /** With `compliance` no principal can shorten or lift a lock, including the root user. */
      lock: z.enum(['governance', 'compliance']).default('governance'),
      /** Days after which large objects move to cheaper storage with instant access. */
      coldAfterDays: z.number().int().min(1).max(36500).default(90),
      /** The interval of digests; an alarm is raised after three hours without one. */
      digestMinutes: z.number().int().min(5).max(60).default(60),
    })
    .prefault({}),
  /** The ARN of a role for emergencies, which can change the vault's policy and disable its keys. */
  breakGlass: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      'must be the ARN of a role such as "arn:aws:iam::111122223333:role/break-glass"',
    )
    .optional(),
  /** The hook's reaction to a violation at deployment: nothing, a warning, or a failed deployment. See docs/hook.md. */
  hook: hookMode.default('off'),
  /** Whether a deployment passes or fails if the hook has an error; either raises an alarm. */
  hookErrors: z.enum(['pass', 'fail']).default('pass'),
  /** The hours after which an open approval request is escalated. */
  approvalHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 30)
    .default(72),
  /** The number of people who must approve a repair; if the actor is unknown, two must approve. */
  approvers: z.union([z.literal(1), z.literal(2)]).default(1),
  /** A sweep that finds more new violations of one control in one account than this makes them a backlog, which waits for a release. */
  backlogAbove: z.number().int().min(0).default(10),
  /** The limits of an account's circuit breaker; after it opens, repairs need an approval until a person releases the account. */
  circuitBreaker: circuitBreaker
    .extend({
      minutes: circuitBreaker.shape.minutes.default(60),
      repairs: limit.default(50),
      failures: limit.default(10),
    })
    .prefault({}),
  /** The number of executions of one account that run at once; the others wait. */
  concurrencyPerAccount: limit.max(100).default(25),
  /** The identities of people who have several; a person cannot approve a change that they made under another identity. */
  identities: z.record(z.string().min(1), z.array(identity).min(1, 'must name at least one identity')).default({}),
});
