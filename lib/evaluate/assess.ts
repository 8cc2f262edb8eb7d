import { isDeepStrictEqual } from 'node:util';
import { type Json, own } from '../model/json.ts';
import type { State } from '../model/template-view.ts';
import { desiredOf, type Outcome, type PreparedControl } from './prepared-control.ts';
import { preserveIntrinsics } from './preserve-intrinsics.ts';
import { type ScenarioState, scenarioStates } from './scenario-state.ts';
import type { Template } from './template/template.ts';
import { cacheKey, propertiesOf } from './template/view.ts';
import { type Violator, violators } from './violators.ts';

/** The result of one control for one resource: the outcome over all scenarios and, for a violation, the fix. */
export interface Assessment {
  readonly outcome: Outcome;
  /** The state in the first scenario; for a violation with the template's intrinsic functions, if one resource holds it. */
  readonly state: State;
  readonly at?: string;
  /** The state that is compliant in every scenario; absent if there is none. */
  readonly desired?: State;
  /** The compliant state of the first scenario, to show to people. */
  readonly proposed?: State;
  readonly violators?: readonly Violator[];
}

/** Returns a function that assesses the resources of one template, and resources with equal properties only once. */
export function assessor(template: Template): (prepared: PreparedControl, logicalId: string) => Assessment {
  const cache = new Map<PreparedControl, Map<string, Assessment>>();
  return (prepared, logicalId) => {
    const key = cacheKey(prepared.control, template.Resources?.[logicalId]);
    if (key === undefined) return assess(prepared, template, logicalId);
    const byKey = cache.get(prepared) ?? new Map<string, Assessment>();
    cache.set(prepared, byKey);
    const assessment = byKey.get(key) ?? assess(prepared, template, logicalId);
    byKey.set(key, assessment);
    return assessment.at === undefined ? assessment : { ...assessment, at: logicalId };
  };
}

/** Evaluates one resource against one control in every scenario. */
export function assess(prepared: PreparedControl, template: Template, logicalId: string): Assessment {
  const states = scenarioStates(prepared, template, logicalId);
  if (typeof states === 'string') return { outcome: { verdict: 'unknown', reason: states }, state: {} };
  const [first, ...others] = states;
  if (!first) return { outcome: { verdict: 'compliant' }, state: {} };
  const { outcome, state, at } = first;
  if (others.some((other) => other.outcome.verdict !== outcome.verdict))
    return { outcome: states.map(unknownOf).find(Boolean) ?? DEPENDS, state, at };
  if (outcome.verdict !== 'violation') return { outcome, state, at };
  const changes = states.map((one) => changeOf(prepared, template, one));
  const isOnePlace = others.every((other) => other.at === at);
  const desired = isOnePlace ? commonChange(prepared, template, logicalId, states, changes) : undefined;
  return {
    outcome: { ...outcome, sentence: withDefaults(prepared, first, outcome.sentence) },
    at,
    state: changes[0]?.from ?? state,
    proposed: desired ?? changes[0]?.to,
    desired,
    violators: violators(prepared, first),
  };
}

const DEPENDS = {
  verdict: 'unknown',
  reason: 'the result depends on conditions or parameters of the template',
} as const;

const unknownOf = ({ outcome }: ScenarioState) => (outcome.verdict === 'unknown' ? outcome : undefined);

/** Adds AWS's defaults that cause the violation: those that the desired state changes, or all if there is no repair. */
function withDefaults(prepared: PreparedControl, { state, defaults }: ScenarioState, sentence: string): string {
  const desired = desiredOf(prepared, state);
  const at = (from: State | undefined, path: string) => path.split('.').reduce<Json | undefined>(own, from);
  const decisive = [...defaults].filter(([path, value]) => !desired || !isDeepStrictEqual(at(desired, path), value));
  const added = decisive.map(([path, value]) => `${path} is not set, and AWS's default is ${JSON.stringify(value)}.`);
  return [sentence, ...added].join(' ');
}

/** The properties that are compliant in all scenarios: equal in each, or resolving to the state that each requires. */
function commonChange(
  prepared: PreparedControl,
  template: Template,
  logicalId: string,
  states: readonly ScenarioState[],
  changes: readonly Change[],
): State | undefined {
  const [first, ...others] = changes;
  if (others.every((other) => isDeepStrictEqual(other, first))) return first?.to;
  const [desired, ...rest] = states.map(({ state }) => desiredOf(prepared, state));
  // A state from several resources is not tried: each attempt would index a template of its own.
  const isOwn = prepared.control.template && !('locate' in prepared.control.template);
  if (!isOwn || !desired || !rest.every((other) => isDeepStrictEqual(other, desired))) return undefined;
  return changes.find(({ to }) => {
    const after = to && scenarioStates(prepared, withProperties(template, logicalId, to), logicalId);
    return Array.isArray(after) && after.every(({ state }) => isDeepStrictEqual(state, desired));
  })?.to;
}

/** A template that consists of one resource with these properties. */
function withProperties(template: Template, logicalId: string, Properties: State): Template {
  return { ...template, Resources: { [logicalId]: { ...template.Resources?.[logicalId], Properties } } };
}

interface Change {
  readonly from: State;
  readonly to: State | undefined;
}

/** The change from the state to the desired state, with the template's intrinsic functions if one resource holds it. */
function changeOf(
  prepared: PreparedControl,
  template: Template,
  { state, at, restore = (resolved) => resolved }: ScenarioState,
): Change {
  const desired = desiredOf(prepared, state);
  const current = restore(state);
  const properties = at === undefined ? undefined : template.Resources?.[at]?.Properties;
  if (!properties) return { from: current, to: desired && restore(desired) };
  const names = propertiesOf(prepared.control).filter((name) => Object.hasOwn(properties, name));
  const from = Object.fromEntries(names.map((name) => [name, properties[name]]));
  return { from, to: desired && preserveIntrinsics(restore(desired), current, from) };
}
