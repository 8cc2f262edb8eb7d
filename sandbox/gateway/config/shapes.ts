import { interpolate } from '../../../lib/model/target.ts';
import { controlOn } from '../catalogue.ts';
import type { AwsEvent } from '../types.ts';
import type { ConfigRule, Evaluation, Item, RegionState } from './region-state.ts';

/** The documented event for a changed verdict of a rule on a resource. */
export function complianceChange(state: RegionState, rule: ConfigRule, now: Evaluation, before?: Evaluation): AwsEvent {
  return {
    account: state.account,
    region: state.region,
    source: 'aws.config',
    detailType: 'Config Rules Compliance Change',
    detail: {
      resourceId: now.id,
      awsRegion: state.region,
      awsAccountId: state.account,
      configRuleName: rule.ConfigRuleName,
      recordVersion: '1.0',
      configRuleARN: rule.ConfigRuleArn,
      messageType: 'ComplianceChangeNotification',
      newEvaluationResult: result(now),
      ...(before && { oldEvaluationResult: result(before) }),
      notificationCreationTime: now.recordedAt,
      resourceType: now.type,
    },
  };
}

function result({ rule, type, id, verdict, annotation, orderedAt, recordedAt, invokedAt }: Evaluation) {
  return {
    evaluationResultIdentifier: {
      evaluationResultQualifier: {
        configRuleName: rule,
        resourceType: type,
        resourceId: id,
        evaluationMode: 'DETECTIVE',
      },
      orderingTimestamp: orderedAt,
    },
    complianceType: verdict,
    resultRecordedTime: recordedAt,
    configRuleInvokedTime: invokedAt,
    ...(annotation && { annotation }),
  };
}

/** An evaluation in the API's format, with times in seconds since 1970. */
export function evaluationResult(evaluation: Evaluation) {
  return {
    EvaluationResultIdentifier: {
      EvaluationResultQualifier: {
        ConfigRuleName: evaluation.rule,
        ResourceType: evaluation.type,
        ResourceId: evaluation.id,
        EvaluationMode: 'DETECTIVE',
      },
      OrderingTimestamp: Date.parse(evaluation.orderedAt) / 1000,
    },
    ComplianceType: evaluation.verdict,
    ResultRecordedTime: Date.parse(evaluation.recordedAt) / 1000,
    ConfigRuleInvokedTime: Date.parse(evaluation.invokedAt) / 1000,
    ...(evaluation.annotation && { Annotation: evaluation.annotation }),
  };
}

/** A configuration item. Its `configuration` is null, because the local AWS does not describe resources. */
export function configurationItem(item: Item) {
  return {
    version: '1.3',
    accountId: item.account,
    configurationItemCaptureTime: item.capturedAt,
    configurationItemStatus: item.deleted ? 'ResourceDeleted' : 'OK',
    configurationStateId: String(Date.parse(item.capturedAt)),
    arn: arnOf(item),
    resourceType: item.type,
    resourceId: item.id,
    resourceName: item.name,
    awsRegion: item.region,
    configuration: null,
    supplementaryConfiguration: {},
    tags: {},
    relationships: [],
    relatedEvents: [],
  };
}

function arnOf({ type, id, name, account, region }: Item): string {
  const control = controlOn(type);
  const apiId = control?.normalizeId(control.configId === 'name' ? name : id) ?? id;
  // A `*` in an ARN format stands for a path, which names in the local AWS do not have.
  return interpolate((control?.arn ?? '').replace('*', ''), { partition: 'aws', account, region, id: apiId });
}

/** The documented event for the function of a custom rule; without an item it is a scheduled one. */
export function ruleInvocation(state: RegionState, rule: ConfigRule, resultToken: string, at: string, item?: Item) {
  const scheduled = {
    awsAccountId: state.account,
    notificationCreationTime: at,
    messageType: 'ScheduledNotification',
    recordVersion: '1.0',
  };
  const changed = item && {
    configurationItemDiff: null,
    configurationItem: { ...configurationItem(item), awsAccountId: state.account, ARN: arnOf(item) },
    notificationCreationTime: at,
    messageType: 'ConfigurationItemChangeNotification',
    recordVersion: '1.3',
  };
  return {
    version: '1.0',
    invokingEvent: JSON.stringify(changed ?? scheduled),
    ruleParameters: rule.InputParameters ?? '{}',
    resultToken,
    eventLeftScope: item?.deleted === true,
    executionRoleArn: String(state.recorder?.roleARN ?? ''),
    configRuleArn: rule.ConfigRuleArn,
    configRuleName: rule.ConfigRuleName,
    configRuleId: rule.ConfigRuleId,
    accountId: state.account,
  };
}
