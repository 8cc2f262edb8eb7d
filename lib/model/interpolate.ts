import type { Target } from './control.ts';

/** Fills a target into `{partition}`, `{region}`, `{account}` and `{id}` of a control's `arn` or `physicalId`. */
export const interpolate = (pattern: string, target: Target): string =>
  pattern.replace(/\{(partition|region|account|id)\}/g, (_, part: keyof Target) => target[part]);
