import type { z } from 'zod';
import { globalRegionOf } from '../model/aws.ts';
import type { Control, ParameterKind, Parameters } from '../model/control.ts';
import { unknownPlaceholdersIn } from '../model/parameter.ts';
import { MODES_OR_OFF } from './modes.ts';
import { placeErrors } from './place-errors.ts';
import { configSchema } from './schema.ts';

/** The config as `evenkeel.config.ts` exports it, made by `defineConfig`. */
export type ConfigInput = z.input<typeof configSchema>;

/** A checked config with all defaults. */
export type Config = z.output<typeof configSchema>;

/**
 * Types the config where you write it; Evenkeel checks it when it loads the file.
 * @example
 * ```ts
 * export default defineConfig({
 *   hub: { account: '111111111111', region: 'eu-west-1' },
 *   owner: 'platform-team',
 *   accounts: { '222222222222': { regions: ['eu-west-1'] } },
 * });
 * ```
 */
export const defineConfig = (config: ConfigInput): ConfigInput => config;

/** The config is invalid; the message lists every path, its problem and the allowed values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Checks a config against its schema and against the available controls.
 * @throws ConfigError listing all problems, not only the first.
 */
export function checkConfig(input: unknown, controls: readonly Control[], file = 'evenkeel.config.ts'): Config {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) throw configError(file, parsed.error.issues.map(issueText));
  const problems = [
    ...placeErrors(parsed.data),
    ...controlErrors(parsed.data, controls),
    ...parameterErrors(parsed.data, controls),
  ];
  if (problems.length > 0) throw configError(file, problems);
  return parsed.data;
}

const configError = (file: string, problems: readonly string[]) =>
  new ConfigError([`${file} is invalid:`, ...problems.map((problem) => `  ${problem}`)].join('\n'));

function issueText(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.') || '(top level)';
  switch (issue.code) {
    case 'invalid_value':
      return `${path}: invalid value. Allowed: ${issue.values.map((value) => JSON.stringify(value)).join(', ')}.`;
    case 'unrecognized_keys':
      return `${path}: unknown key ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}. Remove it or correct its spelling.`;
    case 'invalid_union':
      return `${path}: invalid value. Allowed: ${MODES_OR_OFF.map((mode) => JSON.stringify(mode)).join(', ')} or { ${path.startsWith('accounts') ? 'mode, gracePeriodDays' : 'mode, parameters, gracePeriodDays'} }.`;
    case 'invalid_key':
      return `${path}: ${issue.issues.map(({ message }) => message).join(', ')}.`;
    default:
      return `${path}: ${issue.message}.`;
  }
}

function controlErrors(config: Config, controls: readonly Control[]): string[] {
  const available = new Set(controls.map(({ id }) => id));
  const named = [
    ...Object.keys(config.controls).map((id) => [`controls.${id}`, id] as const),
    ...Object.entries(config.accounts).flatMap(([number, { controls }]) =>
      Object.keys(controls).map((id) => [`accounts.${number}.controls.${id}`, id] as const),
    ),
  ];
  return named
    .filter(([, id]) => !available.has(id))
    .map(([path, id]) => `${path}: unknown control "${id}". Available: ${[...available].join(', ')}.`);
}

function parameterErrors(config: Config, controls: readonly Control[]): string[] {
  return controls.flatMap(({ id, parameters = {}, requiredParameters = {} }) =>
    Object.entries(overrides(config, id)).flatMap(([name, value]) => {
      const path = `controls.${id}.parameters.${name}`;
      const [standard, kind] = [parameters[name], requiredParameters[name]];
      if (standard === undefined && kind === undefined) {
        const available = [...Object.keys(parameters), ...Object.keys(requiredParameters)];
        return [`${path}: unknown parameter. Available: ${available.join(', ') || 'none'}.`];
      }
      if (hasNoEffect(value))
        return [
          `${path}: invalid value ${JSON.stringify(value)}. Allowed: numbers above 0, and at least one value in a list. To disable the control, set its mode to "off".`,
        ];
      if (value === '') return [`${path}: invalid value "". Allowed: a text that is not empty.`];
      const unknown = unknownPlaceholdersIn(value);
      if (unknown.length > 0)
        return [`${path}: unknown placeholder ${unknown.join(', ')}. Allowed: {account}, {region}, {partition}.`];
      if (kind !== undefined)
        return typeName(value) === KINDS[kind]
          ? []
          : [`${path}: invalid value ${JSON.stringify(value)}. Allowed: a ${KINDS[kind]}.`];
      return sameType(value, standard)
        ? []
        : [
            `${path}: invalid value ${JSON.stringify(value)}. Allowed: a value of the same type as the default, ${JSON.stringify(standard)}.`,
          ];
    }),
  );
}

/** With a limit of zero every resource is a violation, and with an empty list none is. */
const hasNoEffect = (value: Parameters[string]) =>
  (Array.isArray(value) && value.length === 0) || [value].flat().some((one) => typeof one === 'number' && !(one > 0));

const KINDS: { readonly [Kind in ParameterKind]: string } = {
  text: 'string',
  texts: 'list of string',
  number: 'number',
  numbers: 'list of number',
  boolean: 'boolean',
};

const typeName = (value: unknown): string => (Array.isArray(value) ? `list of ${typeof value[0]}` : typeof value);
const sameType = (value: unknown, standard: unknown) => typeName(value) === typeName(standard);

function overrides(config: Config, control: string): Parameters {
  const entry = config.controls[control];
  return typeof entry === 'object' ? (entry.parameters ?? {}) : {};
}

/** The region of the account stacks; the order of an account's `regions` never moves them. */
export const accountRegionOf = ({ hub, accountRegion }: Config): string => accountRegion ?? globalRegionOf(hub.region);

/** The parameters of a control: its defaults, overridden by the config. */
export const parametersOf = (config: Config, { id, parameters }: Control): Parameters => ({
  ...parameters,
  ...overrides(config, id),
});
