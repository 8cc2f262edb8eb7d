export { type Patch, patch, render } from '../patch.ts';
export type { Finding } from './finding.ts';
export type { Load } from './includes.ts';
export { type Judgement, type JudgeOptions, judge } from './judge.ts';
export { type Nested, nested } from './nested.ts';
export type { RawResource, Template, TemplateParameter } from './template.ts';
export { references, type Unseen } from './unseen.ts';
