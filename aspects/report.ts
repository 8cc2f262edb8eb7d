import type { IConstruct } from 'constructs';
import { Gate, type Report } from './gate.ts';

/**
 * Reports what a hand-written Aspect has found, together with the controls' findings. Give a function where the answer
 * may still change, such as tags that another Aspect sets: it is called once everything is synthesised.
 */
export function report(node: IConstruct, found: Report | (() => Report | undefined)): void {
  Gate.of(node).take(node, typeof found === 'function' ? found : () => found);
}
