import { list, type Params, record, text } from '../values.ts';
import { ConfigError, ruleNamed } from './config-error.ts';
import type { FakeConfig } from './fake-config.ts';
import { lookups } from './lookups.ts';
import { type ConfigRule, type RegionState, ruleOf, type Verdict } from './region-state.ts';
import { evaluationResult } from './shapes.ts';

type Action = (params: Params, desk: RegionState, player: FakeConfig) => unknown;

const MINUTE = 60_000;

/** Answers a call to AWS Config; throws a `Refused` where AWS would refuse, also for what is not played. */
export async function answerConfig(
  player: FakeConfig,
  desk: RegionState,
  action: string,
  params: Params,
): Promise<unknown> {
  const answer = { ...ACTIONS, ...lookups }[action];
  if (!answer) throw new ConfigError('InvalidAction', `The sandbox does not play config:${action}`);
  return answer(params, desk, player);
}

const ACTIONS: Record<string, Action> = {
  PutConfigRule(params, desk, player) {
    const put = record(params.ConfigRule);
    const name = text(put.ConfigRuleName);
    const source = put.Source as ConfigRule['Source'] | undefined; // the API's own shape, as the caller put it
    if (!name || !source?.SourceIdentifier) {
      throw new ConfigError(
        'InvalidParameterValueException',
        'A rule needs ConfigRuleName and Source.SourceIdentifier.',
      );
    }
    if (!desk.recorder) {
      throw new ConfigError('NoAvailableConfigurationRecorderException', 'Configuration recorder is not available.');
    }
    const rule = ruleOf(desk, { ...put, ConfigRuleName: name, Source: source });
    desk.rules.set(name, rule);
    player.settings.background(player.evaluate(desk, rule));
    return {};
  },
  DeleteConfigRule(params, desk) {
    const { ConfigRuleName } = ruleNamed(desk, params.ConfigRuleName);
    desk.rules.delete(ConfigRuleName);
    for (const [key, { rule }] of desk.evaluations) if (rule === ConfigRuleName) desk.evaluations.delete(key);
    return {};
  },
  DescribeConfigRules(params, desk) {
    const names = list(params.ConfigRuleNames);
    return { ConfigRules: names.length ? names.map((name) => ruleNamed(desk, name)) : [...desk.rules.values()] };
  },
  StartConfigRulesEvaluation(params, desk, player) {
    const names = list(params.ConfigRuleNames);
    if (names.length > 25) throw new ConfigError('ValidationException', 'ConfigRuleNames: at most 25 names.');
    const rules = names.length ? names.map((name) => ruleNamed(desk, name)) : [...desk.rules.values()];
    const now = player.settings.now();
    if (desk.startedAt !== undefined && now - desk.startedAt < MINUTE) {
      throw new ConfigError('LimitExceededException', 'StartConfigRulesEvaluation was called less than a minute ago.');
    }
    desk.startedAt = now;
    for (const rule of rules) player.settings.background(player.evaluate(desk, rule));
    return {};
  },
  async PutEvaluations(params, _desk, player) {
    const evaluations = list(params.Evaluations).map(record);
    if (evaluations.length > 100) throw new ConfigError('ValidationException', 'Evaluations: at most 100.');
    if (params.TestMode === true) return { FailedEvaluations: [] };
    const asked = player.asked(text(params.ResultToken) ?? '');
    if (!asked) throw new ConfigError('InvalidResultTokenException', 'The specified ResultToken is invalid.');
    for (const evaluation of evaluations) {
      await player.judged(asked, {
        type: String(evaluation.ComplianceResourceType),
        id: String(evaluation.ComplianceResourceId),
        verdict: evaluation.ComplianceType as Verdict, // the API's own enumeration
        annotation: text(evaluation.Annotation),
        orderedAt: isoTime(evaluation.OrderingTimestamp),
      });
    }
    return { FailedEvaluations: [] };
  },
  GetComplianceDetailsByConfigRule(params, desk) {
    const { ConfigRuleName } = ruleNamed(desk, params.ConfigRuleName);
    return results(desk, params, ({ rule }) => rule === ConfigRuleName);
  },
  GetComplianceDetailsByResource(params, desk) {
    const { ResourceType, ResourceId } = params;
    return results(desk, params, ({ type, id }) => type === ResourceType && id === ResourceId);
  },
  DescribeComplianceByConfigRule(params, desk) {
    const names = list(params.ConfigRuleNames);
    const rules = names.length ? names.map((name) => ruleNamed(desk, name)) : [...desk.rules.values()];
    return { ComplianceByConfigRules: rules.map((rule) => compliance(desk, rule.ConfigRuleName)) };
  },
  DeleteEvaluationResults(params, desk) {
    const { ConfigRuleName } = ruleNamed(desk, params.ConfigRuleName);
    for (const [key, { rule }] of desk.evaluations) if (rule === ConfigRuleName) desk.evaluations.delete(key);
    return {};
  },
  PutConfigurationRecorder(params, desk) {
    const recorder = record(params.ConfigurationRecorder);
    const name = text(recorder.name) ?? 'default';
    if (desk.recorder && desk.recorder.name !== name) {
      throw new ConfigError('MaxNumberOfConfigurationRecordersExceededException', 'There is a recorder already.');
    }
    desk.recorder = { ...recorder, name };
    return {};
  },
  DeleteConfigurationRecorder(_params, desk) {
    desk.recorder = undefined;
    desk.recording = false;
    return {};
  },
  StartConfigurationRecorder(_params, desk) {
    if (!desk.recorder) throw new ConfigError('NoSuchConfigurationRecorderException', 'There is no recorder to start.');
    desk.recording = true;
    return {};
  },
  StopConfigurationRecorder(_params, desk) {
    desk.recording = false;
    return {};
  },
  DescribeConfigurationRecorders: (_params, desk) => ({ ConfigurationRecorders: desk.recorder ? [desk.recorder] : [] }),
  DescribeConfigurationRecorderStatus: (_params, { recorder, recording }) => ({
    ConfigurationRecordersStatus: recorder ? [{ name: recorder.name, recording, lastStatus: 'SUCCESS' }] : [],
  }),
  PutDeliveryChannel(params, desk) {
    desk.channel = record(params.DeliveryChannel);
    return {};
  },
  DeleteDeliveryChannel(_params, desk) {
    desk.channel = undefined;
    return {};
  },
  DescribeDeliveryChannels: (_params, desk) => ({ DeliveryChannels: desk.channel ? [desk.channel] : [] }),
};

function results(
  desk: RegionState,
  params: Params,
  wanted: (evaluation: { rule: string; type: string; id: string }) => boolean,
) {
  const types = list(params.ComplianceTypes);
  const found = [...desk.evaluations.values()].filter(
    (evaluation) => wanted(evaluation) && (!types.length || types.includes(evaluation.verdict)),
  );
  return { EvaluationResults: found.map(evaluationResult) };
}

function compliance(desk: RegionState, name: string) {
  const verdicts = [...desk.evaluations.values()].filter(({ rule }) => rule === name).map(({ verdict }) => verdict);
  const bad = verdicts.filter((verdict) => verdict === 'NON_COMPLIANT').length;
  const ComplianceType = bad ? 'NON_COMPLIANT' : verdicts.length ? 'COMPLIANT' : 'INSUFFICIENT_DATA';
  const count = { CappedCount: Math.min(bad, 25), CapExceeded: bad > 25 };
  return { ConfigRuleName: name, Compliance: { ComplianceType, ...(bad && { ComplianceContributorCount: count }) } };
}

function isoTime(seconds: unknown): string | undefined {
  return typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : undefined;
}
