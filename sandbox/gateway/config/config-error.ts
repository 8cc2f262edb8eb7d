import type { ConfigRule, RegionState } from './region-state.ts';

/** An error of AWS Config; `name` is its code. */
export class ConfigError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** Finds a rule, or throws the error of AWS. */
export function ruleNamed(state: RegionState, name: unknown): ConfigRule {
  const rule = typeof name === 'string' ? state.rules.get(name) : undefined;
  if (rule) return rule;
  throw new ConfigError(
    'NoSuchConfigRuleException',
    `The ConfigRule '${name}' provided in the request is invalid. Please check the configRule name.`,
  );
}
