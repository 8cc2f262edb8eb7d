import type { IConstruct } from 'constructs';
import { Gate } from './gate.ts';
import type { RuleViolation } from './policy-violation.ts';

/**
 * Reports a violation of a hand-written Aspect, together with the findings of the controls. Pass a function if the answer
 * can still change, for example by tags of another Aspect; it is called after the synthesis.
 *
 * @example
 * ```ts
 * class NoDefaultVpc implements IAspect {
 *   visit(node: IConstruct) {
 *     if (node instanceof CfnInstance && node.subnetId === undefined)
 *       report(node, {
 *         rule: 'no-default-vpc',
 *         violation: 'The instance is in the default VPC.',
 *         remedy: 'Set subnetId.',
 *       });
 *   }
 * }
 * ```
 */
export function report(node: IConstruct, found: RuleViolation | (() => RuleViolation | undefined)): void {
  Gate.of(node).addReport(node, typeof found === 'function' ? found : () => found);
}
