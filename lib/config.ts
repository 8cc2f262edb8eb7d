import { z } from 'zod';
import type { Control, Given } from './control.ts';
import { partitionOf } from './partition.ts';
import { OWNER_TAG } from './tags.ts';

const mode = z.enum(['observe', 'approve', 'auto']);
const modeOrOff = z.enum(['off', 'observe', 'approve', 'auto']);
const days = z.number().min(0).max(365);
const hookMode = z.enum(['off', 'warn', 'fail']);
const account = z.string().regex(/^\d{12}$/, 'must be an account number of 12 digits, in quotes');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as "eu-west-1"');
const identity = z
  .string()
  .regex(
    /^(user\/\d{12}\/[^/]+|sso\/.+)$/,
    'must be "user/<account>/<name>" or "sso/<user name of IAM Identity Center>"',
  );
const limit = z.number().int().min(1);
const breaker = z.strictObject({
  /** The time that counts. */
  minutes: limit.max(24 * 60),
  /** More repairs than this are no drift any more. */
  repairs: limit,
  /** More executions than this that end with a person point to something that no repair mends. */
  failures: limit,
});
const parameter = z.union([z.number(), z.string(), z.boolean(), z.array(z.number()), z.array(z.string())]);

const schema = z.strictObject({
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
          given: z.record(z.string(), parameter).optional(),
          graceDays: days.optional(),
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
          z.union([modeOrOff, z.strictObject({ mode: modeOrOff.optional(), graceDays: days.optional() })]),
        )
        .default({}),
      hook: hookMode.optional(),
      /** What is usual for the account, where that is not what is usual for all. */
      breaker: breaker.partial().optional(),
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
  batchAbove: z.number().int().min(0).default(10),
  /** After how much of one account was repaired or failed its repairs wait for approval, until a person releases it. */
  breaker: breaker
    .extend({
      minutes: breaker.shape.minutes.default(60),
      repairs: limit.default(50),
      failures: limit.default(10),
    })
    .prefault({}),
  /** How many executions of one account run at once; others wait, so that none starves the rest. */
  runningPerAccount: limit.max(100).default(25),
  /** People who have several identities, so that nobody approves under one what he caused under another. */
  people: z.record(z.string().min(1), z.array(identity).min(1, 'must name at least one identity')).default({}),
});

/** The account owner's policy as code; `evenkeel.config.ts` exports one, made by `defineConfig`. */
export type ConfigInput = z.input<typeof schema>;

/** A config that was checked, with every default filled in. */
export type Config = z.output<typeof schema>;

/** Types the config where it is written; it is checked when it is loaded. */
export const defineConfig = (config: ConfigInput): ConfigInput => config;

/** The config is wrong; the message names every place in it, what is wrong there and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Checks a config against its schema and against the controls that exist.
 * @throws ConfigError naming path, fault and remedy of everything that is wrong, not only the first.
 */
export function checkConfig(input: unknown, controls: readonly Control[], file = 'evenkeel.config.ts'): Config {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw problem(file, parsed.error.issues.map(sentence));
  const faults = [
    ...placeFaults(parsed.data),
    ...unknownControls(parsed.data, controls),
    ...givenFaults(parsed.data, controls),
  ];
  if (faults.length > 0) throw problem(file, faults);
  return parsed.data;
}

const problem = (file: string, faults: readonly string[]) =>
  new ConfigError([`${file} cannot be used:`, ...faults.map((fault) => `  ${fault}`)].join('\n'));

function sentence(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.') || '(the whole config)';
  switch (issue.code) {
    case 'invalid_value':
      return `${path}: allowed are ${issue.values.map((value) => JSON.stringify(value)).join(', ')}.`;
    case 'unrecognized_keys':
      return `${path}: unknown ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}; remove it or correct its spelling.`;
    case 'invalid_union':
      return `${path}: allowed are "off", "observe", "approve", "auto" or { ${path.startsWith('accounts') ? 'mode, graceDays' : 'mode, given, graceDays'} }.`;
    case 'invalid_key':
      return `${path}: ${issue.issues.map(({ message }) => message).join(', ')}.`;
    default:
      return `${path}: ${issue.message}.`;
  }
}

/** Roles are trusted and named within one partition, and a hub that governs nothing cannot be deployed. */
function placeFaults({ hub, accounts }: Config): string[] {
  if (Object.keys(accounts).length === 0) return ['accounts: must name at least one account to govern.'];
  const partition = partitionOf(hub.region);
  return Object.entries(accounts).flatMap(([number, { regions }]) =>
    regions.flatMap((region, index) =>
      partitionOf(region) === partition
        ? []
        : [
            `accounts.${number}.regions.${index}: "${region}" is not in the hub's partition ${partition}; give it a hub of its own.`,
          ],
    ),
  );
}

function unknownControls(config: Config, controls: readonly Control[]): string[] {
  const known = new Set(controls.map(({ id }) => id));
  const named = [
    ...Object.keys(config.controls).map((id) => [`controls.${id}`, id] as const),
    ...Object.entries(config.accounts).flatMap(([number, { controls }]) =>
      Object.keys(controls).map((id) => [`accounts.${number}.controls.${id}`, id] as const),
    ),
  ];
  return named
    .filter(([, id]) => !known.has(id))
    .map(([path, id]) => `${path}: there is no control "${id}"; the controls are ${[...known].join(', ')}.`);
}

function givenFaults(config: Config, controls: readonly Control[]): string[] {
  return controls.flatMap(({ id, given = {} }) =>
    Object.entries(overrides(config, id)).flatMap(([name, value]) => {
      const path = `controls.${id}.given.${name}`;
      const standard = given[name];
      if (standard === undefined)
        return [`${path}: the control has no such parameter; it has ${Object.keys(given).join(', ') || 'none'}.`];
      if (isEmptying(value))
        return [
          `${path}: is ${JSON.stringify(value)}; give it numbers above 0, and at least one of them, or switch the control off.`,
        ];
      return sameType(value, standard)
        ? []
        : [`${path}: is ${JSON.stringify(value)}; give it the type of its default, ${JSON.stringify(standard)}.`];
    }),
  );
}

/** A limit of zero hits everything, and an empty list nothing: neither is ever what was meant. */
const isEmptying = (value: Given[string]) =>
  (Array.isArray(value) && value.length === 0) || [value].flat().some((one) => typeof one === 'number' && !(one > 0));

const typeName = (value: unknown): string => (Array.isArray(value) ? `list of ${typeof value[0]}` : typeof value);
const sameType = (value: unknown, standard: unknown) => typeName(value) === typeName(standard);

function overrides(config: Config, control: string): Given {
  const entry = config.controls[control];
  return typeof entry === 'object' ? (entry.given ?? {}) : {};
}

/** A control's parameters: its defaults, and what the config puts in their place. */
export const givenOf = (config: Config, { id, given }: Control): Given => ({ ...given, ...overrides(config, id) });
