import { randomUUID } from 'node:crypto';
import type { Params } from '../values.ts';

/** What AWS Config says of a resource under a rule. */
export type Verdict = 'COMPLIANT' | 'NON_COMPLIANT' | 'NOT_APPLICABLE';

/** A Config rule, as the API writes it. */
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

/** A resource that Config knows of; `id` is Config's, `name` the one that the service's API takes. */
export interface ConfigResource {
  account: string;
  region: string;
  type: string;
  id: string;
  name: string;
}

/** A resource as Config last saw it. */
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

// What the default recorder leaves out: IAM is recorded only where the recorder includes global types.
const GLOBAL_TYPES = ['AWS::IAM::User', 'AWS::IAM::Role', 'AWS::IAM::Policy', 'AWS::IAM::Group'];

/** Opens Config in an account and region; `recording` says whether somebody set up a recorder there before. */
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

/** Says whether the desk's recorder records a resource type. */
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

/** Makes a rule of what a caller put: a rule that was there keeps its identity. */
export function ruleOf(
  desk: RegionState,
  put: Params & { ConfigRuleName: string; Source: ConfigRule['Source'] },
): ConfigRule {
  const known = desk.rules.get(put.ConfigRuleName);
  const id = known?.ConfigRuleId ?? `config-rule-${randomUUID().slice(0, 6)}`;
  return {
    ...put,
    ConfigRuleId: id,
    ConfigRuleArn: `arn:aws:config:${desk.region}:${desk.account}:config-rule/${id}`,
    ConfigRuleState: 'ACTIVE',
  };
}

/** The key of an item, or of one rule's evaluation of it. */
export function keyOf(...parts: string[]): string {
  return parts.join('|');
}
