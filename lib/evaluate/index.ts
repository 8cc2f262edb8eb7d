// The package's `evenkeel/evaluate`: checks CloudFormation templates without an AWS account.
export { type Patch, patch, render } from '../model/patch.ts';
export { type EvaluateOptions, type Evaluation, evaluate } from './evaluate.ts';
export type { Finding } from './finding.ts';
export { type NotEvaluated, referencedFiles } from './not-evaluated.ts';
export type { Load } from './template/includes.ts';
export { type NestedStack, nestedStacks } from './template/nested.ts';
export type { RawResource, Template, TemplateParameter } from './template/template.ts';
