import type { Control, Severity, State } from '../model/control.ts';
import { type Patch, patch, render, steps } from '../model/patch.ts';
import type { Assessment } from './assess.ts';
import { propertiesOf } from './template/view.ts';
import { firstUnresolved } from './unresolved.ts';
import type { Outcome, PreparedControl } from './verdict.ts';

/** What the judge says of one resource under one control, where it is not plainly compliant. */
export interface Finding {
  readonly control: string;
  readonly severity: Severity;
  readonly verdict: 'violation' | 'unknown';
  readonly logicalId: string;
  /** The resource whose properties hold the state, where that is another one. */
  readonly at?: string;
  /** The resource whose state is in violation by a part that this one carries, such as a rule's group. */
  readonly owner?: string;
  /** What is wrong, or why it cannot be said before deployment. */
  readonly sentence: string;
  /** Such as `Properties.Encrypted`: what the remedy changes first. */
  readonly property: string;
  /** The keys of `property`, of which each may hold a dot. */
  readonly path: readonly string[];
  /** The way to compliance, a step a line; empty for what is unknown. */
  readonly remedy: readonly string[];
  /** The remedy as properties of `at`, or else of the resource, before and after; absent where it is not certain or has no place. */
  readonly change?: { readonly from: State; readonly to: State };
}

/** Puts an assessment that is not compliant into words. */
export function finding(
  rule: PreparedControl,
  logicalId: string,
  { state, at, desired, proposed }: Assessment,
  outcome: Exclude<Outcome, { verdict: 'compliant' }>,
): Finding {
  const { id, severity } = rule.control;
  const facts = { control: id, severity, logicalId, ...(at && at !== logicalId ? { at } : {}) };
  if (outcome.verdict === 'unknown')
    return {
      ...facts,
      verdict: 'unknown',
      sentence: `${capitalized(outcome.because)}; checked after deployment.`,
      ...place(rule, firstUnresolved(state)),
      remedy: [],
    };
  const changes = patch(state, proposed ?? state);
  return {
    ...facts,
    verdict: 'violation',
    sentence: outcome.sentence,
    ...place(rule, changes[0] && steps(changes[0])),
    remedy: remedy(rule.control, changes, state, at, logicalId),
    ...(at && desired && { change: { from: inTemplate(rule, state), to: inTemplate(rule, desired) } }),
  };
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');

function place({ control }: PreparedControl, keys: readonly string[] | undefined) {
  const path = ['Properties', ...(keys ?? propertiesOf(control).slice(0, 1))];
  return { property: path.join('.'), path };
}

/** A state's properties that a template can hold. */
function inTemplate({ control }: PreparedControl, state: State): State {
  const names = new Set(propertiesOf(control));
  return Object.fromEntries(Object.entries(state).filter(([name]) => names.has(name)));
}

function remedy(control: Control, changes: Patch, from: State, at: string | undefined, logicalId: string) {
  if (changes.length === 0) return [control.repair ? `Bring it in line with: ${control.title}.` : control.guidance];
  const lines = render(changes, { from, prefix: 'Properties.' });
  if (at === logicalId) return lines;
  const owned = propertiesOf(control).some((name) => name in from)
    ? `one of the resources that belong to ${logicalId}`
    : `a resource that belongs to ${logicalId}, which the template does not have yet`;
  return [`in ${at ?? owned}:`, ...lines];
}
