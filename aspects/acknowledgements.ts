import { type PolicyViolation, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

/** What has been acknowledged in a construct tree by CDK's own means, for one plugin's rules. */
export class Acknowledgements {
  readonly #reasons = new Map<string, { readonly path: string; readonly reason: string }[]>();

  constructor(root: IConstruct, plugin: string) {
    for (const { node } of root.node.findAll())
      for (const { type, data } of node.metadata) {
        if (type !== Validations.ACKNOWLEDGED_RULES_METADATA_KEY) continue;
        for (const [id, reason] of Object.entries<string>(data ?? {})) {
          if (!id.startsWith(`${plugin}::`)) continue;
          const rule = id.slice(plugin.length + 2);
          this.#reasons.set(rule, [...(this.#reasons.get(rule) ?? []), { path: node.path, reason }]);
        }
      }
  }

  /** Makes a violation that somebody acknowledged fatal, which CDK lets nobody acknowledge: exceptions have one register. */
  refuse(violation: PolicyViolation): PolicyViolation {
    const paths = violation.violatingResources.map(({ constructPath }) => constructPath ?? '');
    const found = this.#reasons
      .get(violation.ruleName)
      ?.find(({ path }) => paths.some((at) => path === '' || at === path || at.startsWith(`${path}/`)));
    if (!found) return violation;
    const where = found.path || 'the App';
    return {
      ...violation,
      severity: 'fatal',
      description: `${violation.description} Acknowledged at ${where} ("${found.reason}"), which does not count: only the register of exceptions waives this rule. Remove the acknowledgement.`,
    };
  }
}
