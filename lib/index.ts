// What a CDK app imports. Controls and other code that must not load CDK import `evenkeel/control`, `evenkeel/judge`
// and `evenkeel/controls`, which this module merely gathers.
export { ComplianceAspect, type ComplianceOptions } from '../aspects/compliance-aspect.ts';
export { ControlAspect } from '../aspects/control-aspect.ts';
export type { Report } from '../aspects/gate.ts';
export { GitStampAspect } from '../aspects/git-stamp.ts';
export type { Action } from '../aspects/orders.ts';
export { OwnerTags } from '../aspects/owner-tags.ts';
export type { GivenByControl } from '../aspects/policy.ts';
export { report } from '../aspects/report.ts';
export { controls } from '../controls/index.ts';
export * from './control.ts';
export * from './judge/index.ts';
export type { ExceptionFiles } from './register/files.ts';
export type { Exception, LiveScope, Register, TemplateScope } from './register.ts';
