import type { AwsEvent } from '../upstream.ts';
import type { ConfigRule, Evaluation, Item, RegionState } from './region-state.ts';

/** The documented event that AWS publishes when a rule's verdict on a resource changes. */
export function complianceChange(desk: RegionState, rule: ConfigRule, now: Evaluation, before?: Evaluation): AwsEvent {
  return {
    account: desk.account,
    region: desk.region,
    source: 'aws.config',
    detailType: 'Config Rules Compliance Change',
    detail: {
      resourceId: now.id,
      awsRegion: desk.region,
      awsAccountId: desk.account,
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

/** An evaluation as the API lists it: times are seconds since 1970. */
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

/** A configuration item; its `configuration` is null, for the sandbox does not describe resources. */
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
  const [, service = '', kind = ''] = type.toLowerCase().split('::');
  if (service === 's3') return `arn:aws:s3:::${id}`;
  if (service === 'iam') return `arn:aws:iam::${account}:${kind}/${name}`;
  if (service === 'sqs') return `arn:aws:sqs:${region}:${account}:${name.split('/').at(-1)}`;
  if (service === 'rds') return `arn:aws:rds:${region}:${account}:db:${name}`;
  const typed = kind === 'securitygroup' ? 'security-group' : kind;
  return `arn:aws:${service}:${region}:${account}:${typed}/${id}`;
}

/** The documented event by which Config invokes a rule's own function; without an item it is a scheduled one. */
export function ruleInvocation(desk: RegionState, rule: ConfigRule, resultToken: string, at: string, item?: Item) {
  const scheduled = {
    awsAccountId: desk.account,
    notificationCreationTime: at,
    messageType: 'ScheduledNotification',
    recordVersion: '1.0',
  };
  const changed = item && {
    configurationItemDiff: null,
    configurationItem: { ...configurationItem(item), awsAccountId: desk.account, ARN: arnOf(item) },
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
    executionRoleArn: String(desk.recorder?.roleARN ?? ''),
    configRuleArn: rule.ConfigRuleArn,
    configRuleName: rule.ConfigRuleName,
    configRuleId: rule.ConfigRuleId,
    accountId: desk.account,
  };
}
