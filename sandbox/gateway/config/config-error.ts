import type { ConfigRule, RegionState } from './region-state.ts';

/** A refusal in AWS Config's own words; `name` is the error's code. */
export class ConfigError extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}

/** Finds a rule, or refuses as AWS does. */
export function ruleNamed(desk: RegionState, name: unknown): ConfigRule {
  const rule = typeof name === 'string' ? desk.rules.get(name) : undefined;
  if (rule) return rule;
  throw new ConfigError(
    'NoSuchConfigRuleException',
    `The ConfigRule '${name}' provided in the request is invalid. Please check the configRule name.`,
  );
}
