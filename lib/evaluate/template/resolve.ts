import { isList, isObject, type Json, own } from '../../model/json.ts';
import { functions } from './intrinsic-functions.ts';
import { findInMap } from './mappings.ts';
import { reference } from './parameter-reference.ts';
import { chooseAmong, chooseOne, isEmpty, type Scenario } from './scenarios.ts';
import { substitute } from './sub.ts';
import { type Intrinsic, intrinsic, isKnownScalar, type Template } from './template.ts';
import { mapItems } from './walk.ts';

/**
 * Resolves a value in one scenario: chooses the branches of `Fn::If`, evaluates functions of known values and removes
 * `AWS::NoValue` (undefined). An unresolved value stays an intrinsic function with its argument resolved as far as possible.
 */
export function resolve(
  value: Json | undefined,
  template: Template,
  scenario: Scenario,
  above: ConditionPath = TOP,
): Json | undefined {
  let { depth } = above;
  const inner = (part: Json | undefined): Json | undefined => {
    if (typeof part !== 'object' || part === null) return part;
    assertShallow(++depth); // an error ends the whole resolution, so `depth` needs no reset
    const call = intrinsic(part);
    const path = { ...above, depth };
    const resolved = call
      ? answered(resolveCall(call, part, { template, scenario, inner, above: path }), scenario)
      : mapItems(part, inner);
    depth--;
    return resolved;
  };
  return inner(value);
}

/** The conditions that are being evaluated, and how deep the current value is nested in them. */
interface ConditionPath {
  readonly names: ReadonlySet<string>;
  readonly depth: number;
}

const TOP: ConditionPath = { names: new Set(), depth: 0 };

/** The deepest nesting that is evaluated; no deployable template needs more, and a deeper one overflows the stack. */
const MAX_DEPTH = 200;

function assertShallow(depth: number): void {
  if (depth > MAX_DEPTH) throw new Error(`values or conditions are nested more than ${MAX_DEPTH} levels deep`);
}

interface Context {
  readonly template: Template;
  readonly scenario: Scenario;
  /** Resolves a nested value in the same scenario. */
  readonly inner: (part: Json) => Json | undefined;
  readonly above: ConditionPath;
}

/** The scenario's answer for an unresolved value; the value itself if there is none. */
function answered(value: Json | undefined, scenario: Scenario): Json | undefined {
  if (isEmpty(scenario) || intrinsic(value) === undefined) return value;
  const answer = scenario[JSON.stringify(value)];
  return answer && 'is' in answer ? answer.is : value;
}

function resolveCall(
  { name, argument }: Intrinsic,
  value: Json,
  { template, scenario, inner, above }: Context,
): Json | undefined {
  switch (name) {
    case 'Ref':
      return typeof argument === 'string' ? reference(argument, template, scenario) : value;
    case 'Fn::If':
      if (!isList(argument) || argument.length !== 3 || typeof argument[0] !== 'string') return value;
      return inner(argument[holds(argument[0], template, scenario, above) ? 1 : 2] ?? null);
    case 'Fn::FindInMap':
      return findInMap(argument, template, scenario, inner);
    case 'Fn::Sub':
      return substitute(argument, inner);
    case 'Fn::GetAtt':
    case 'Fn::Transform':
      return value;
    default:
      return callFunction(name, argument, value, inner);
  }
}

function callFunction(name: string, argument: Json, value: Json, inner: (part: Json) => Json | undefined): Json {
  const known = inner(argument);
  if (known === undefined || name.startsWith('Fn::ForEach::')) return value;
  return functions[name]?.(known, argument) ?? { [name]: known };
}

/** The conditions that hold or not in a scenario; a condition that two others name is evaluated once. */
const decided = new WeakMap<Scenario, Map<string, boolean>>();

/** Whether a condition holds in this scenario: evaluated if possible, otherwise a question of its own. */
export function holds(name: string, template: Template, scenario: Scenario, above: ConditionPath = TOP): boolean {
  const condition = above.names.has(name) ? undefined : own(template.Conditions, name); // a circular condition has no value
  if (condition === undefined) return ask(`condition ${name}`, scenario);
  const known = decided.get(scenario) ?? new Map<string, boolean>();
  decided.set(scenario, known);
  const path = { names: new Set([...above.names, name]), depth: above.depth + 1 };
  const result = known.get(name) ?? holdsExpression(condition, template, scenario, path);
  known.set(name, result);
  return result;
}

function holdsExpression(condition: Json, template: Template, scenario: Scenario, above: ConditionPath): boolean {
  assertShallow(above.depth);
  const deeper = { ...above, depth: above.depth + 1 };
  const inner = (part: Json) => holdsExpression(part, template, scenario, deeper);
  const { name, argument } = intrinsic(condition) ?? {};
  if (isObject(condition) && typeof condition.Condition === 'string')
    return holds(condition.Condition, template, scenario, deeper);
  if (isList(argument)) {
    if (name === 'Fn::And') return argument.every(inner);
    if (name === 'Fn::Or') return argument.some(inner);
    if (name === 'Fn::Not' && argument[0] !== undefined) return !inner(argument[0]);
    if (name === 'Fn::Equals' && argument.length === 2) return equal(argument, template, scenario, deeper);
  }
  return ask(`condition ${JSON.stringify(condition)}`, scenario);
}

const ask = (question: string, scenario: Scenario) => chooseOne(question, [true, false], scenario) === true;

/** CloudFormation compares strings, and converts numbers and booleans to strings. */
function equal(sides: readonly Json[], template: Template, scenario: Scenario, above: ConditionPath): boolean {
  const [one, other] = sides.map((side) => resolve(side, template, scenario, above));
  const question = JSON.stringify([one, other]);
  if (one === undefined || other === undefined) return ask(question, scenario);
  if (JSON.stringify(one) === JSON.stringify(other)) return true;
  if (isKnownScalar(one) && isKnownScalar(other)) return sameString(one, other) ?? ask(question, scenario);
  if (isKnownScalar(one)) return chooseAmong(JSON.stringify(other), [String(one)], scenario) === String(one);
  if (isKnownScalar(other)) return chooseAmong(JSON.stringify(one), [String(other)], scenario) === String(other);
  return ask(question, scenario);
}

/** Undefined if it depends on the spelling of a number, such as 1.0, which parsing does not keep. */
function sameString(one: string | number | boolean, other: string | number | boolean): boolean | undefined {
  if (String(one) === String(other)) return true;
  const spellings = typeof one !== 'string' || typeof other !== 'string';
  return spellings && Number(one) === Number(other) ? undefined : false;
}
