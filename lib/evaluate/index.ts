export { type Patch, patch, render } from '../model/patch.ts';
export { type EvaluateOptions as JudgeOptions, type Evaluation as Judgement, evaluate as judge } from './evaluate.ts';
export type { Finding } from './finding.ts';
export { type NotEvaluated as Unseen, references } from './not-evaluated.ts';
export type { Load } from './template/includes.ts';
export { type Nested, nested } from './template/nested.ts';
export type { RawResource, Template, TemplateParameter } from './template/template.ts';
