import { type PolicyViolation, Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

interface Acknowledgement {
  readonly path: string;
  readonly reason: string;
}

/** What has been acknowledged in a construct tree by CDK's own means, for one plugin's rules. */
export class Acknowledgements {
  readonly #root: IConstruct;
  readonly #plugin: string;

  constructor(root: IConstruct, plugin: string) {
    this.#root = root;
    this.#plugin = plugin;
  }

  /** Makes a violation that somebody acknowledged fatal, which CDK lets nobody acknowledge: exceptions have one register. */
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
      description: `${violation.description} Acknowledged at ${where} ("${found.reason}"), which does not count: only the register of exceptions waives this rule. Remove the acknowledgement.`,
    };
  }

  #at({ node }: IConstruct, rule: string): Acknowledgement | undefined {
    const id = `${this.#plugin}::${rule}`;
    // To CDK it is one whatever the reason, which JavaScript may leave out.
    for (const { type, data } of node.metadata)
      if (type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY && Object.hasOwn(data ?? {}, id))
        return { path: node.path, reason: String(data[id]) };
    return undefined;
  }
}

/** A construct and all that it stands in, from the root down. */
function scopesOf(root: IConstruct, path: string): readonly IConstruct[] {
  const found = [root];
  for (const id of path.split('/')) {
    const child = found.at(-1)?.node.tryFindChild(id);
    if (!child) break;
    found.push(child);
  }
  return found;
}
