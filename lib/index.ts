// The exports for CDK apps. Code that must not load CDK imports `evenkeel/control`, `evenkeel/evaluate` or
// `evenkeel/controls` instead.
export { ComplianceAspect, type ComplianceOptions } from '../aspects/compliance-aspect.ts';
export { ControlAspect } from '../aspects/control-aspect.ts';
export type { Action } from '../aspects/enforcement.ts';
export type { ParametersByControl } from '../aspects/enforcing-visitor.ts';
export { GitStampAspect } from '../aspects/git-stamp.ts';
export { OwnerTags } from '../aspects/owner-tags.ts';
export type { RuleViolation } from '../aspects/policy-violation.ts';
export { report } from '../aspects/report.ts';
export { controls } from '../controls/index.ts';
export * from './evaluate/index.ts';
export type { Exception, Exceptions, LiveScope, TemplateScope } from './exceptions/exception.ts';
export type { ExceptionFiles } from './exceptions/files.ts';
export * from './model/control.ts';
export { defineControl } from './model/define-control.ts';
export { defineResource } from './model/resource-type.ts';
