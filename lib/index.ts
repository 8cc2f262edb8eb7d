// What a CDK app imports. Controls and other code that must not load CDK import `evenkeel/control`, `evenkeel/judge`
// and `evenkeel/controls`, which this module merely gathers.
export { ComplianceAspect, type ComplianceOptions } from '../aspects/compliance-aspect.ts';
export { ControlAspect } from '../aspects/control-aspect.ts';
export type { Action } from '../aspects/enforcement.ts';
export type { ParametersByControl as GivenByControl } from '../aspects/enforcing-visitor.ts';
export type { Report } from '../aspects/gate.ts';
export { GitStampAspect } from '../aspects/git-stamp.ts';
export { OwnerTags } from '../aspects/owner-tags.ts';
export { report } from '../aspects/report.ts';
export { controls } from '../controls/index.ts';
export * from './evaluate/index.ts';
export type { Exception, Exceptions as Register, LiveScope, TemplateScope } from './exceptions/exception.ts';
export type { ExceptionFiles } from './exceptions/files.ts';
export * from './model/control.ts';
