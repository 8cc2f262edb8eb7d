import { isDeepStrictEqual } from 'node:util';
import type { Json, Located, State } from '../model/control.ts';
import { errorMessage } from '../model/errors.ts';
import { isList, own } from '../model/json.ts';
import { conform } from './conform.ts';
import { preserveIntrinsics } from './preserve-intrinsics.ts';
import { forEachScenario } from './template/scenarios.ts';
import type { Template } from './template/template.ts';
import { cacheKey, exists, propertiesOf, view } from './template/view.ts';
import { desiredOf, type Outcome, outcome, type PreparedControl } from './verdict.ts';

/** One resource under one control: the outcome over all worlds, and of a violation what should become of it. */
export interface Assessment {
  readonly outcome: Outcome;
  /** As the first world has it; of a violation, in the template's own words where these have one place. */
  readonly state: State;
  readonly at?: string;
  /** The one state that puts things right, whatever the conditions turn out to be; undefined where there is none. */
  readonly desired?: State;
  /** What would put things right in the first world, to tell people. */
  readonly proposed?: State;
  /** The resources that are in violation by the parts of the state that they carry. */
  readonly violators?: readonly Violator[];
}

/** A resource that carries a part of another one's state and is in violation by that part alone. */
export interface Violator {
  /** Absent for the part that the evaluated resource carries itself. */
  readonly logicalId?: string;
  readonly state: State;
  readonly sentence: string;
}

/** Makes the judgement of one template's resources, of which those that are alike to a control are judged once. */
export function assessor(template: Template): (rule: PreparedControl, logicalId: string) => Assessment {
  const known = new Map<PreparedControl, Map<string, Assessment>>();
  return (rule, logicalId) => {
    const scans = cacheKey(rule.control, template.Resources?.[logicalId]);
    if (scans === undefined) return assess(rule, template, logicalId);
    const alike = known.get(rule) ?? new Map<string, Assessment>();
    known.set(rule, alike);
    const assessed = alike.get(scans) ?? assess(rule, template, logicalId);
    alike.set(scans, assessed);
    return assessed.at === undefined ? assessed : { ...assessed, at: logicalId };
  };
}

/** Judges one resource by one control. */
export function assess(rule: PreparedControl, template: Template, logicalId: string): Assessment {
  const worlds = seen(rule, template, logicalId);
  if (typeof worlds === 'string') return { outcome: { verdict: 'unknown', because: worlds }, state: {} };
  const [first, ...others] = worlds;
  if (!first) return { outcome: { verdict: 'compliant' }, state: {} };
  const { outcome, state, at } = first;
  if (others.some((other) => other.outcome.verdict !== outcome.verdict))
    return { outcome: worlds.map(mixed).find(Boolean) ?? DEPENDS, state, at };
  if (outcome.verdict !== 'violation') return { outcome, state, at };
  const changes = worlds.map((world) => changeOf(rule, template, world));
  const isOnePlace = others.every((other) => other.at === at);
  const desired = isOnePlace ? common(rule, template, logicalId, worlds, changes) : undefined;
  return {
    outcome: { ...outcome, sentence: withDefaults(rule, first, outcome.sentence) },
    at,
    state: changes[0]?.from ?? state,
    proposed: desired ?? changes[0]?.to,
    desired,
    violators: violators(rule, first),
  };
}

/** Tries each carrier's part of the state alone; none where a violation comes of several together. */
function violators(rule: PreparedControl, { state, origins }: Seen): readonly Violator[] | undefined {
  if (!origins) return undefined;
  const carriers = new Set(Object.values(origins).flatMap((list) => list ?? []));
  return [...carriers].flatMap((logicalId) => {
    const part = partOf(state, origins, logicalId);
    const alone = outcome(rule, part);
    return alone.verdict === 'violation' ? [{ logicalId, state: part, sentence: alone.sentence }] : [];
  });
}

function partOf(state: State, origins: NonNullable<Seen['origins']>, logicalId: string | undefined): State {
  const entries = Object.entries(state).map(([name, value]) => {
    const list = origins[name];
    return [name, list && isList(value) ? value.filter((_, index) => list[index] === logicalId) : value] as const;
  });
  return Object.fromEntries(entries);
}

/** Says that a violation by absence is AWS's default, where the repair changes such a property or there is none. */
function withDefaults(rule: PreparedControl, { state, defaults }: Seen, sentence: string): string {
  const desired = desiredOf(rule, state);
  const at = (from: State | undefined, path: string) => path.split('.').reduce<Json | undefined>(own, from);
  const decisive = [...defaults].filter(([path, value]) => !desired || !isDeepStrictEqual(at(desired, path), value));
  const said = decisive.map(([path, value]) => `${path} is not set, and AWS's default is ${JSON.stringify(value)}.`);
  return [sentence, ...said].join(' ');
}

/** What one change makes of the properties in all worlds: it is the same in each, or comes to what each of them wants. */
function common(
  rule: PreparedControl,
  template: Template,
  logicalId: string,
  worlds: readonly Seen[],
  changes: readonly Change[],
): State | undefined {
  const [first, ...others] = changes;
  if (others.every((other) => isDeepStrictEqual(other, first))) return first?.to;
  const [wanted, ...rest] = worlds.map(({ state }) => desiredOf(rule, state));
  // What stands in several resources is not tried, for each trial would be a template to index.
  const isOwn = rule.control.template && !('locate' in rule.control.template);
  if (!isOwn || !wanted || !rest.every((other) => isDeepStrictEqual(other, wanted))) return undefined;
  return changes.find(({ to }) => {
    const after = to && seen(rule, withProperties(template, logicalId, to), logicalId);
    return Array.isArray(after) && after.every(({ state }) => isDeepStrictEqual(state, wanted));
  })?.to;
}

/** The template with these properties in the place of a resource's, and no other resource. */
function withProperties(template: Template, logicalId: string, Properties: State): Template {
  return { ...template, Resources: { [logicalId]: { ...template.Resources?.[logicalId], Properties } } };
}

interface Change {
  readonly from: State;
  readonly to: State | undefined;
}

/** From what there is to what there should be, in the template's own words where the state has one place. */
function changeOf(
  rule: PreparedControl,
  template: Template,
  { state, at, restore = (resolved) => resolved }: Seen,
): Change {
  const wanted = desiredOf(rule, state);
  const now = restore(state);
  const properties = at === undefined ? undefined : template.Resources?.[at]?.Properties;
  if (!properties) return { from: now, to: wanted && restore(wanted) };
  const names = propertiesOf(rule.control).filter((name) => Object.hasOwn(properties, name));
  const from = Object.fromEntries(names.map((name) => [name, properties[name]]));
  return { from, to: wanted && preserveIntrinsics(restore(wanted), now, from) };
}

const DEPENDS = { verdict: 'unknown', because: "it depends on the template's conditions and parameters" } as const;

const mixed = ({ outcome }: { outcome: Outcome }) => (outcome.verdict === 'unknown' ? outcome : undefined);

type Seen = Located<State> & { readonly outcome: Outcome; readonly defaults: ReadonlyMap<string, Json> };

function seen(rule: PreparedControl, template: Template, logicalId: string): readonly Seen[] | string {
  try {
    const worlds = forEachScenario((world) => {
      if (!exists(template, logicalId, world)) return undefined;
      const located = view(rule.control, template, logicalId, world);
      const { state, defaults } = conform(located.state, rule.control.properties, rule.control.explicit);
      return { ...located, state, defaults, outcome: outcome(rule, state) };
    });
    if (!worlds) return 'it depends on more combinations of conditions and parameters than the judge tries';
    if (worlds.length === 0) return 'no combination of conditions and parameters can be deployed';
    return worlds.filter((world) => world !== undefined);
  } catch (error) {
    return errorMessage(error).replace(/\.$/, '');
  }
}
