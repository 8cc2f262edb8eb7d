import type { z } from 'zod';
import { partitionOf } from '../model/aws.ts';
import type { Control, Parameters } from '../model/control.ts';
import { configSchema } from './schema.ts';

/** The account owner's policy as code; `evenkeel.config.ts` exports one, made by `defineConfig`. */
export type ConfigInput = z.input<typeof configSchema>;

/** A config that was checked, with every default filled in. */
export type Config = z.output<typeof configSchema>;

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
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) throw problem(file, parsed.error.issues.map(sentence));
  const faults = [
    ...placeErrors(parsed.data),
    ...unknownControls(parsed.data, controls),
    ...parameterErrors(parsed.data, controls),
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
function placeErrors({ hub, accounts }: Config): string[] {
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

function parameterErrors(config: Config, controls: readonly Control[]): string[] {
  return controls.flatMap(({ id, parameters = {} }) =>
    Object.entries(overrides(config, id)).flatMap(([name, value]) => {
      const path = `controls.${id}.given.${name}`;
      const standard = parameters[name];
      if (standard === undefined)
        return [`${path}: the control has no such parameter; it has ${Object.keys(parameters).join(', ') || 'none'}.`];
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
const isEmptying = (value: Parameters[string]) =>
  (Array.isArray(value) && value.length === 0) || [value].flat().some((one) => typeof one === 'number' && !(one > 0));

const typeName = (value: unknown): string => (Array.isArray(value) ? `list of ${typeof value[0]}` : typeof value);
const sameType = (value: unknown, standard: unknown) => typeName(value) === typeName(standard);

function overrides(config: Config, control: string): Parameters {
  const entry = config.controls[control];
  return typeof entry === 'object' ? (entry.parameters ?? {}) : {};
}

/** A control's parameters: its defaults, and what the config puts in their place. */
export const parametersOf = (config: Config, { id, parameters }: Control): Parameters => ({
  ...parameters,
  ...overrides(config, id),
});
