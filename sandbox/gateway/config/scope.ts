import type { ConfigRule, Item } from './region-state.ts';

// Managed rules that AWS evaluates on a schedule only, and what each looks at (AWS Config's list of managed rules).
const PERIODIC: Record<string, string> = {
  ACCESS_KEYS_ROTATED: 'AWS::IAM::User',
  CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED: 'AWS::CloudTrail::Trail',
  CMK_BACKING_KEY_ROTATION_ENABLED: 'AWS::KMS::Key',
  EC2_EBS_ENCRYPTION_BY_DEFAULT: 'AWS::::Account',
  IAM_PASSWORD_POLICY: 'AWS::::Account',
};

/** Says whether the deployer's own function judges, rather than AWS. */
export function isCustom({ Source }: ConfigRule): boolean {
  return Source.Owner === 'CUSTOM_LAMBDA';
}

/** Says whether a rule is evaluated when a resource changes. */
export function onChange(rule: ConfigRule): boolean {
  return isCustom(rule)
    ? wants(rule, 'ConfigurationItemChangeNotification')
    : !(rule.Source.SourceIdentifier in PERIODIC);
}

/** Says whether a rule is evaluated on a schedule. */
export function onSchedule(rule: ConfigRule): boolean {
  return isCustom(rule) ? wants(rule, 'ScheduledNotification') : rule.Source.SourceIdentifier in PERIODIC;
}

/** Says whether a rule looks at a resource. */
export function inScope({ Scope, Source }: ConfigRule, { type, id }: Item): boolean {
  const periodic = PERIODIC[Source.SourceIdentifier];
  const types = Scope?.ComplianceResourceTypes?.length ? Scope.ComplianceResourceTypes : periodic ? [periodic] : [];
  return (!types.length || types.includes(type)) && (Scope?.ComplianceResourceId ?? id) === id;
}

const wants = ({ Source }: ConfigRule, message: string) =>
  Source.SourceDetails?.some((detail) => detail.MessageType === message) === true;
