import { z } from 'zod';
import { HOOK_MODES, MODES, MODES_OR_OFF } from './modes.ts';
import { OWNER_TAG } from './tags.ts';

const mode = z.enum(MODES);
const modeOrOff = z.enum(MODES_OR_OFF);
const days = z.number().min(0).max(365);
const hookMode = z.enum(HOOK_MODES);
const account = z.string().regex(/^\d{12}$/, 'must be an account number of 12 digits, in quotes');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as "eu-west-1"');
const identity = z
  .string()
  .regex(
    /^(user\/\d{12}\/[^/]+|sso\/.+)$/,
    'must be "user/<account>/<name>" or "sso/<user name of IAM Identity Center>"',
  );
const limit = z.number().int().min(1);
const circuitBreaker = z.strictObject({
  /** The time that counts. */
  minutes: limit.max(24 * 60),
  /** More repairs than this are no drift any more. */
  repairs: limit,
  /** More executions than this that end with a person point to something that no repair mends. */
  failures: limit,
});
const parameter = z.union([z.number(), z.string(), z.boolean(), z.array(z.number()), z.array(z.string())]);

/** What may stand in a config, with its defaults; `checkConfig` checks what else must hold. */
export const configSchema = z.strictObject({
  /** Where the hub stands. */
  hub: z.strictObject({ account, region }),
  /** The AWS Organizations id, where there is one; trust is then bound to it. */
  organization: z
    .string()
    .regex(/^o-[a-z0-9]{10,32}$/, 'must be an organization id such as "o-a1b2c3d4e5"')
    .optional(),
  /** The mode of every control that nothing else says a mode for. */
  mode: mode.default('observe'),
  /** Per control: its mode, or `off`, or its mode, its parameters and how long its repairs wait for the owner. */
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
  /** The governed accounts, by account number. */
  accounts: z.record(
    account,
    z.strictObject({
      regions: z.array(region).min(1, 'must name at least one region'),
      /** Who answers for the account: a team or an e-mail address. */
      owner: z.string().min(1).optional(),
      mode: mode.optional(),
      controls: z
        .record(
          z.string(),
          z.union([modeOrOff, z.strictObject({ mode: modeOrOff.optional(), gracePeriodDays: days.optional() })]),
        )
        .default({}),
      hook: hookMode.optional(),
      /** What is usual for the account, where that is not what is usual for all. */
      circuitBreaker: circuitBreaker.partial().optional(),
      /** Set it where AWS Config does not record yet; the region stack then brings a recorder of its own. */
      recorder: z.enum(['existing', 'create']).default('existing'),
    }),
  ),
  /** Who answers for what no account names an owner for. */
  owner: z.string().min(1),
  /** The tag that names who answers for a stack or a resource, where the account names no owner. */
  ownerTag: z.string().min(1).max(128).default(OWNER_TAG),
  /** E-mail addresses that hear of everything: escalations, approval requests, reminders, alarms. */
  notify: z.array(z.email()).default([]),
  /** By the name of an owner, as accounts, tags and exceptions have it: e-mail addresses that hear of what is his. */
  owners: z
    .record(z.string().min(1), z.strictObject({ emails: z.array(z.email()).min(1, 'must name at least one address') }))
    .default({}),
  /** The hour of the day, in UTC, at which people are reminded of what waits for them. */
  remindAtHour: z.number().int().min(0).max(23).default(7),
  evidence: z
    .strictObject({
      retentionDays: z.number().int().min(1).max(36500).default(400),
      /** `compliance` cannot be shortened or lifted by anyone, the root user included. */
      lock: z.enum(['governance', 'compliance']).default('governance'),
      /** Days after which what is large enough to be cheaper there moves to colder storage, readable at once all the same. */
      coldAfterDays: z.number().int().min(1).max(36500).default(90),
      /** How often a digest is made; an alarm goes off after three hours without one. */
      digestMinutes: z.number().int().min(5).max(60).default(60),
    })
    .prefault({}),
  /** The ARN of a role for emergencies: it may change the vault's policy and put its keys out of use, as the deployment alone may else. */
  breakGlass: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
      'must be the ARN of a role such as "arn:aws:iam::111122223333:role/break-glass"',
    )
    .optional(),
  /** What CloudFormation does at deployment with what is certainly wrong: nothing, warn, or refuse; see docs/hook.md. */
  hook: hookMode.default('off'),
  /** What becomes of a deployment that the hook could not judge, by an error of its own; it raises an alarm either way. */
  hookErrors: z.enum(['pass', 'fail']).default('pass'),
  /** How long an approval request stands before it is escalated. */
  approvalHours: z
    .number()
    .int()
    .min(1)
    .max(24 * 30)
    .default(72),
  /** How many people must approve a repair; two where it is not known who caused it, whatever stands here. */
  approvers: z.union([z.literal(1), z.literal(2)]).default(1),
  /** More violations than so many that one sweep finds of one control in one account wait together until a person releases them. */
  backlogAbove: z.number().int().min(0).default(10),
  /** After how much of one account was repaired or failed its repairs wait for approval, until a person releases it. */
  circuitBreaker: circuitBreaker
    .extend({
      minutes: circuitBreaker.shape.minutes.default(60),
      repairs: limit.default(50),
      failures: limit.default(10),
    })
    .prefault({}),
  /** How many executions of one account run at once; others wait, so that none starves the rest. */
  concurrencyPerAccount: limit.max(100).default(25),
  /** People who have several identities, so that nobody approves under one what he caused under another. */
  identities: z.record(z.string().min(1), z.array(identity).min(1, 'must name at least one identity')).default({}),
});
