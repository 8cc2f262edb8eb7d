import { randomUUID } from 'node:crypto';
import type { Params } from '../values.ts';

/** AWS Config's verdict on a resource under a rule. */
export type Verdict = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';

/** An AWS Config rule, as the API has it. */
export interface ConfigRule {
  ConfigRuleName: string;
  ConfigRuleArn: string;
  ConfigRuleId: string;
  ConfigRuleState: 'ACTIVE';
  Source: { Owner: string; SourceIdentifier: string; SourceDetails?: { MessageType?: string }[] };
  Scope?: { ComplianceResourceTypes?: string[]; ComplianceResourceId?: string };
  InputParameters?: string;
  MaximumExecutionFrequency?: string;
}

/** A resource in AWS Config; `id` is AWS Config's id, `name` the name that the service's API takes. */
export interface ConfigResource {
  account: string;
  region: string;
  type: string;
  id: string;
  name: string;
}

/** The last recorded configuration of a resource. */
export interface Item extends ConfigResource {
  deleted: boolean;
  capturedAt: string;
}

/** The last verdict of a rule on a resource. */
export interface Evaluation {
  rule: string;
  type: string;
  id: string;
  verdict: Verdict;
  annotation?: string;
  orderedAt: string;
  recordedAt: string;
  invokedAt: string;
}

/** AWS Config in one account and region. */
export interface RegionState {
  account: string;
  region: string;
  rules: Map<string, ConfigRule>;
  items: Map<string, Item>;
  evaluations: Map<string, Evaluation>;
  recorder?: Params & { name: string };
  recording: boolean;
  channel?: Params;
  /** When StartConfigRulesEvaluation was last accepted, in milliseconds. */
  startedAt?: number;
}

// The default recorder omits IAM types; it records them only if it includes global types.
const GLOBAL_TYPES = ['AWS::IAM::User', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::Group'];

/** The state of a new account and region; `recording` decides whether it has a recorder. */
export function newRegionState(account: string, region: string, recording: boolean): RegionState {
  const recorder = { name: 'default', recordingGroup: { allSupported: true, includeGlobalResourceTypes: false } };
  return {
    account,
    region,
    rules: new Map(),
    items: new Map(),
    evaluations: new Map(),
    ...(recording && { recorder, channel: { name: 'default' } }),
    recording,
  };
}

/** Whether the recorder records a resource type. */
export function records({ recorder, recording }: RegionState, type: string): boolean {
  if (!recording || !recorder) return false;
  const group = (recorder.recordingGroup ?? {}) as {
    allSupported?: boolean;
    includeGlobalResourceTypes?: boolean;
    resourceTypes?: string[];
  }; // the API's own shape, as the caller put it
  if (group.resourceTypes?.length) return group.resourceTypes.includes(type);
  return !GLOBAL_TYPES.includes(type) || group.includeGlobalResourceTypes === true;
}

/** Makes a rule from a request. An existing rule keeps its id. */
export function ruleOf(
  state: RegionState,
  put: Params & { ConfigRuleName: string; Source: ConfigRule['Source'] },
): ConfigRule {
  const known = state.rules.get(put.ConfigRuleName);
  const id = known?.ConfigRuleId ?? `config-rule-${randomUUID().slice(0, 6)}`;
  return {
    ...put,
    ConfigRuleId: id,
    ConfigRuleArn: `arn:aws:config:${state.region}:${state.account}:config-rule/${id}`,
    ConfigRuleState: 'ACTIVE',
  };
}

/** The key of an item, or of one rule's evaluation of it. */
export function keyOf(...parts: string[]): string {
  return parts.join('|');
}
