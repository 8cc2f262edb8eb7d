import { type PolicyViolation, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

interface Acknowledgement {
  readonly path: string;
  readonly reason: string;
}

/** The acknowledgements in a construct tree for the rules of one plugin. */
export class Acknowledgements {
  readonly #root: IConstruct;
  readonly #plugin: string;

  constructor(root: IConstruct, plugin: string) {
    this.#root = root;
    this.#plugin = plugin;
  }

  /** Makes an acknowledged violation fatal, which CDK does not let anyone acknowledge. Only exceptions exempt a resource. */
  refuse(violation: PolicyViolation): PolicyViolation {
    const found = violation.violatingResources
      .flatMap(({ constructPath = '' }) => scopesOf(this.#root, constructPath))
      .map((scope) => this.#at(scope, violation.ruleName))
      .find((acknowledgement) => acknowledgement !== undefined);
    if (!found) return violation;
    const where = found.path || 'the App';
    return {
      ...violation,
      severity: 'fatal',
      description: `${violation.description} The acknowledgement at ${where} ("${found.reason}") has no effect: only an exception in the exceptions file exempts a resource from this rule. Remove the acknowledgement.`,
    };
  }

  #at({ node }: IConstruct, rule: string): Acknowledgement | undefined {
    const id = `${this.#plugin}::${rule}`;
    // CDK accepts an acknowledgement without a reason, which JavaScript can omit.
    for (const { type, data } of node.metadata)
      if (type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY && Object.hasOwn(data ?? {}, id))
        return { path: node.path, reason: String(data[id]) };
    return undefined;
  }
}

/** A construct and all constructs around it, from the root down. */
function scopesOf(root: IConstruct, path: string): readonly IConstruct[] {
  const found = [root];
  for (const id of path.split('/')) {
    const child = found.at(-1)?.node.tryFindChild(id);
    if (!child) break;
    found.push(child);
  }
  return found;
}
