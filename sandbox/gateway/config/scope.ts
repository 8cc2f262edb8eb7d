import { periodicRules } from '../catalogue.ts';
import type { ConfigRule, Item } from './region-state.ts';

/** Whether the deployer's own function evaluates the rule. */
export function isCustom({ Source }: ConfigRule): boolean {
  return Source.Owner === 'CUSTOM_LAMBDA';
}

/** Whether AWS evaluates a rule when a resource changes. */
export function onChange(rule: ConfigRule): boolean {
  return isCustom(rule)
    ? listensTo(rule, 'ConfigurationItemChangeNotification')
    : !(rule.Source.SourceIdentifier in periodicRules);
}

/** Whether AWS evaluates a rule on a schedule. */
export function onSchedule(rule: ConfigRule): boolean {
  return isCustom(rule) ? listensTo(rule, 'ScheduledNotification') : rule.Source.SourceIdentifier in periodicRules;
}

/** Whether a rule evaluates a resource. */
export function inScope({ Scope, Source }: ConfigRule, { type, id }: Item): boolean {
  const periodic = periodicRules[Source.SourceIdentifier];
  const types = Scope?.ComplianceResourceTypes?.length ? Scope.ComplianceResourceTypes : periodic ? [periodic] : [];
  return (!types.length || types.includes(type)) && (Scope?.ComplianceResourceId ?? id) === id;
}

const listensTo = ({ Source }: ConfigRule, message: string) =>
  Source.SourceDetails?.some((detail) => detail.MessageType === message) === true;
