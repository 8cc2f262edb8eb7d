import type { Control, Severity } from '../model/control.ts';
import { type Patch, patch, render, steps } from '../model/patch.ts';
import type { State } from '../model/template-view.ts';
import type { Assessment } from './assess.ts';
import type { Outcome, PreparedControl } from './prepared-control.ts';
import { propertiesOf } from './template/view.ts';
import { firstUnresolved } from './unresolved.ts';

/** A violation or unknown result of one control for one resource. */
export interface Finding {
  readonly control: string;
  readonly severity: Severity;
  readonly verdict: 'violation' | 'unknown';
  readonly logicalId: string;
  /** The resource whose properties hold the state, if it is another one. */
  readonly at?: string;
  /** The resource whose state this one contributes to, such as the security group of a rule. */
  readonly owner?: string;
  /** The violation, or the reason why the verdict is unknown before deployment. */
  readonly sentence: string;
  /** The first property that the remedy changes, such as `Properties.Encrypted`. */
  readonly property: string;
  /** The keys of `property`; a key may contain a dot. */
  readonly path: readonly string[];
  /** The steps of the fix, one line each; empty for an unknown result. */
  readonly remedy: readonly string[];
  /** The fix as properties of `at`, or else of the resource, before and after; absent if no single change is certain. */
  readonly change?: { readonly from: State; readonly to: State };
}

/** Formats an assessment that is not compliant as a finding. */
export function finding(
  prepared: PreparedControl,
  logicalId: string,
  { state, at, desired, proposed }: Assessment,
  outcome: Exclude<Outcome, { verdict: 'compliant' }>,
): Finding {
  const { control } = prepared;
  const facts = {
    control: control.id,
    severity: control.severity,
    logicalId,
    ...(at && at !== logicalId ? { at } : {}),
  };
  if (outcome.verdict === 'unknown')
    return {
      ...facts,
      verdict: 'unknown',
      sentence: checkedLater(outcome.reason),
      ...place(control, firstUnresolved(state)),
      remedy: [],
    };
  const changes = patch(state, proposed ?? state);
  return {
    ...facts,
    verdict: 'violation',
    sentence: outcome.sentence,
    ...place(control, changes[0] && steps(changes[0])),
    remedy: remedy(control, changes, state, at, logicalId),
    ...(at && desired && { change: { from: inTemplate(control, state), to: inTemplate(control, desired) } }),
  };
}

/** The sentence of an unknown result. */
export const checkedLater = (reason: string): string =>
  `${reason.charAt(0).toUpperCase()}${reason.slice(1).replace(/\.$/, '')}; checked after deployment.`;

function place(control: Control, keys: readonly string[] | undefined) {
  const path = ['Properties', ...(keys ?? propertiesOf(control).slice(0, 1))];
  return { property: path.join('.'), path };
}

/** The properties of a state that a template can hold. */
function inTemplate(control: Control, state: State): State {
  const names = new Set(propertiesOf(control));
  return Object.fromEntries(Object.entries(state).filter(([name]) => names.has(name)));
}

function remedy(control: Control, changes: Patch, from: State, at: string | undefined, logicalId: string) {
  if (changes.length === 0)
    return [control.repair ? `Change the resource to meet this control: ${control.title}.` : control.guidance];
  const lines = render(changes, { from, prefix: 'Properties.' });
  if (at === logicalId) return lines;
  const owned = propertiesOf(control).some((name) => name in from)
    ? `a resource that belongs to ${logicalId}`
    : `a new resource that belongs to ${logicalId}`;
  return [`in ${at ?? owned}:`, ...lines];
}
