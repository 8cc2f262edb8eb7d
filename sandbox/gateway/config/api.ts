import { list, type Params, record, text } from '../values.ts';
import { ConfigError, ruleNamed } from './config-error.ts';
import type { FakeConfig } from './fake-config.ts';
import { lookups } from './lookups.ts';
import { type ConfigRule, type RegionState, ruleOf, type Verdict } from './region-state.ts';
import { evaluationResult } from './shapes.ts';

type Action = (params: Params, state: RegionState, config: FakeConfig) => unknown;

const MINUTE = 60_000;

/** Answers a call to AWS Config; throws a `ConfigError` as AWS does, and for operations that are not implemented. */
export async function answerConfig(
  config: FakeConfig,
  state: RegionState,
  action: string,
  params: Params,
): Promise<unknown> {
  const answer = { ...ACTIONS, ...lookups }[action];
  if (!answer) throw new ConfigError('InvalidAction', `The local AWS does not implement config:${action}.`);
  return answer(params, state, config);
}

const ACTIONS: Record<string, Action> = {
  PutConfigRule(params, state, config) {
    const put = record(params.ConfigRule);
    const name = text(put.ConfigRuleName);
    const source = put.Source as ConfigRule['Source'] | undefined; // the API's own shape, as the caller put it
    if (!name || !source?.SourceIdentifier) {
      throw new ConfigError(
        'InvalidParameterValueException',
        'A rule needs ConfigRuleName and Source.SourceIdentifier.',
      );
    }
    if (!state.recorder) {
      throw new ConfigError('NoAvailableConfigurationRecorderException', 'Configuration recorder is not available.');
    }
    const rule = ruleOf(state, { ...put, ConfigRuleName: name, Source: source });
    state.rules.set(name, rule);
    config.options.background(config.evaluate(state, rule));
    return {};
  },
  DeleteConfigRule(params, state) {
    const { ConfigRuleName } = ruleNamed(state, params.ConfigRuleName);
    state.rules.delete(ConfigRuleName);
    for (const [key, { rule }] of state.evaluations) if (rule === ConfigRuleName) state.evaluations.delete(key);
    return {};
  },
  DescribeConfigRules(params, state) {
    const names = list(params.ConfigRuleNames);
    return { ConfigRules: names.length ? names.map((name) => ruleNamed(state, name)) : [...state.rules.values()] };
  },
  StartConfigRulesEvaluation(params, state, config) {
    const names = list(params.ConfigRuleNames);
    if (names.length > 25) throw new ConfigError('ValidationException', 'ConfigRuleNames: at most 25 names.');
    const rules = names.length ? names.map((name) => ruleNamed(state, name)) : [...state.rules.values()];
    const now = config.options.now();
    if (state.startedAt !== undefined && now - state.startedAt < MINUTE) {
      throw new ConfigError('LimitExceededException', 'StartConfigRulesEvaluation was called less than a minute ago.');
    }
    state.startedAt = now;
    for (const rule of rules) config.options.background(config.evaluate(state, rule));
    return {};
  },
  async PutEvaluations(params, _state, config) {
    const evaluations = list(params.Evaluations).map(record);
    if (evaluations.length > 100) throw new ConfigError('ValidationException', 'Evaluations: at most 100.');
    if (params.TestMode === true) return { FailedEvaluations: [] };
    const invocation = config.invocationOf(text(params.ResultToken) ?? '');
    if (!invocation) throw new ConfigError('InvalidResultTokenException', 'The specified ResultToken is invalid.');
    for (const evaluation of evaluations) {
      await config.recordVerdict(invocation, {
        type: String(evaluation.ComplianceResourceType),
        id: String(evaluation.ComplianceResourceId),
        verdict: evaluation.ComplianceType as Verdict, // the API's own enumeration
        annotation: text(evaluation.Annotation),
        orderedAt: isoTime(evaluation.OrderingTimestamp),
      });
    }
    return { FailedEvaluations: [] };
  },
  GetComplianceDetailsByConfigRule(params, state) {
    const { ConfigRuleName } = ruleNamed(state, params.ConfigRuleName);
    return results(state, params, ({ rule }) => rule === ConfigRuleName);
  },
  GetComplianceDetailsByResource(params, state) {
    const { ResourceType, ResourceId } = params;
    return results(state, params, ({ type, id }) => type === ResourceType && id === ResourceId);
  },
  DescribeComplianceByConfigRule(params, state) {
    const names = list(params.ConfigRuleNames);
    const rules = names.length ? names.map((name) => ruleNamed(state, name)) : [...state.rules.values()];
    return { ComplianceByConfigRules: rules.map((rule) => compliance(state, rule.ConfigRuleName)) };
  },
  DeleteEvaluationResults(params, state) {
    const { ConfigRuleName } = ruleNamed(state, params.ConfigRuleName);
    for (const [key, { rule }] of state.evaluations) if (rule === ConfigRuleName) state.evaluations.delete(key);
    return {};
  },
  PutConfigurationRecorder(params, state) {
    const recorder = record(params.ConfigurationRecorder);
    const name = text(recorder.name) ?? 'default';
    if (state.recorder && state.recorder.name !== name) {
      throw new ConfigError('MaxNumberOfConfigurationRecordersExceededException', 'There is a recorder already.');
    }
    state.recorder = { ...recorder, name };
    return {};
  },
  DeleteConfigurationRecorder(_params, state) {
    state.recorder = undefined;
    state.recording = false;
    return {};
  },
  StartConfigurationRecorder(_params, state) {
    if (!state.recorder)
      throw new ConfigError('NoSuchConfigurationRecorderException', 'There is no recorder to start.');
    state.recording = true;
    return {};
  },
  StopConfigurationRecorder(_params, state) {
    state.recording = false;
    return {};
  },
  DescribeConfigurationRecorders: (_params, state) => ({
    ConfigurationRecorders: state.recorder ? [state.recorder] : [],
  }),
  DescribeConfigurationRecorderStatus: (_params, { recorder, recording }) => ({
    ConfigurationRecordersStatus: recorder ? [{ name: recorder.name, recording, lastStatus: 'SUCCESS' }] : [],
  }),
  PutDeliveryChannel(params, state) {
    state.channel = record(params.DeliveryChannel);
    return {};
  },
  DeleteDeliveryChannel(_params, state) {
    state.channel = undefined;
    return {};
  },
  DescribeDeliveryChannels: (_params, state) => ({ DeliveryChannels: state.channel ? [state.channel] : [] }),
};

function results(
  state: RegionState,
  params: Params,
  wanted: (evaluation: { rule: string; type: string; id: string }) => boolean,
) {
  const types = list(params.ComplianceTypes);
  const found = [...state.evaluations.values()].filter(
    (evaluation) => wanted(evaluation) && (!types.length || types.includes(evaluation.verdict)),
  );
  return { EvaluationResults: found.map(evaluationResult) };
}

function compliance(state: RegionState, name: string) {
  const verdicts = [...state.evaluations.values()].filter(({ rule }) => rule === name).map(({ verdict }) => verdict);
  const bad = verdicts.filter((verdict) => verdict === 'NON_COMPLIANT').length;
  const ComplianceType = bad ? 'NON_COMPLIANT' : verdicts.length ? 'COMPLIANT' : 'INSUFFICIENT_DATA';
  const count = { CappedCount: Math.min(bad, 25), CapExceeded: bad > 25 };
  return { ConfigRuleName: name, Compliance: { ComplianceType, ...(bad && { ComplianceContributorCount: count }) } };
}

function isoTime(seconds: unknown): string | undefined {
  return typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : undefined;
}
