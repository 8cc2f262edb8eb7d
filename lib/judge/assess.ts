import type { State } from '../control.ts';
import { patch } from '../patch.ts';
import type { Template } from './template.ts';
import { desiredOf, type Outcome, outcome, type Rule, reason, typed } from './verdict.ts';
import { exists, view } from './view.ts';
import { explore } from './worlds.ts';

/** One resource under one control: the outcome over all worlds, and in the first of them the state and what it should be. */
export interface Assessment {
  readonly outcome: Outcome;
  readonly state: State;
  readonly at?: string;
  /** The one state that puts things right, whatever the conditions turn out to be; undefined where there is none. */
  readonly desired?: State;
}

/** Judges one resource by one control. */
export function assess(rule: Rule, template: Template, logicalId: string): Assessment {
  const worlds = seen(rule, template, logicalId);
  if (typeof worlds === 'string') return { outcome: { verdict: 'unknown', because: worlds }, state: {} };
  const [first, ...others] = worlds;
  if (!first) return { outcome: { verdict: 'compliant' }, state: {} };
  const { state, at, restore = (resolved) => resolved } = first;
  const sure = others.every(({ outcome }) => outcome.verdict === first.outcome.verdict);
  if (!sure) return { outcome: worlds.map(mixed).find(Boolean) ?? DEPENDS, state, at };
  const desired = desiredOf(rule, state);
  const same = others.every((other) => {
    const wanted = desiredOf(rule, other.state);
    return desired && wanted && other.at === at && patch(desired, wanted).length === 0;
  });
  if (first.outcome.verdict !== 'violation') return { outcome: first.outcome, state, at };
  return { outcome: first.outcome, state: restore(state), at, desired: same && desired ? restore(desired) : undefined };
}

const DEPENDS = { verdict: 'unknown', because: "it depends on the template's conditions and parameters" } as const;

const mixed = ({ outcome }: { outcome: Outcome }) => (outcome.verdict === 'unknown' ? outcome : undefined);

function seen(rule: Rule, template: Template, logicalId: string) {
  try {
    const worlds = explore((world) => {
      if (!exists(template, logicalId, world)) return undefined;
      const located = view(rule.control, template, logicalId, world);
      const state = typed(rule, located.state);
      return { ...located, state, outcome: outcome(rule, state) };
    });
    if (worlds?.length === 0) return 'no combination of conditions and parameters can be deployed';
    return (
      worlds?.filter((seen) => seen !== undefined) ??
      'it depends on more combinations of conditions and parameters than the judge tries'
    );
  } catch (error) {
    return `it cannot be judged: ${reason(error)}`;
  }
}
