import { isList, isObject, type Json, own } from '../../model/json.ts';
import { functions } from './functions.ts';
import { findInMap } from './mappings.ts';
import { reference } from './parameters.ts';
import { chooseAmong, chooseOne, isOpen, type Scenario } from './scenarios.ts';
import { substitute } from './sub.ts';
import { type Intrinsic, intrinsic, isText, type Template } from './template.ts';
import { over } from './walk.ts';

/**
 * A template's value in this world: branches chosen, functions of known values worked out, `AWS::NoValue` gone
 * (undefined). What stays unresolved is an intrinsic still, its argument resolved as far as it can be.
 */
export function resolve(value: Json | undefined, template: Template, world: Scenario): Json | undefined {
  const inner = (part: Json | undefined): Json | undefined => {
    if (typeof part !== 'object' || part === null) return part;
    const call = intrinsic(part);
    return call ? settled(resolveCall(call, part, { template, world, inner }), world) : over(part, inner);
  };
  return inner(value);
}

interface Place {
  readonly template: Template;
  readonly world: Scenario;
  /** Resolves a part in the same place. */
  readonly inner: (part: Json) => Json | undefined;
}

/** What a world says of something unresolved; the value itself where it says nothing. */
function settled(value: Json | undefined, world: Scenario): Json | undefined {
  if (isOpen(world) || intrinsic(value) === undefined) return value;
  const answer = world[JSON.stringify(value)];
  return answer && 'is' in answer ? answer.is : value;
}

function resolveCall({ name, argument }: Intrinsic, value: Json, { template, world, inner }: Place): Json | undefined {
  switch (name) {
    case 'Ref':
      return typeof argument === 'string' ? reference(argument, template, world) : value;
    case 'Fn::If':
      if (!isList(argument) || argument.length !== 3 || typeof argument[0] !== 'string') return value;
      return inner(argument[holds(argument[0], template, world) ? 1 : 2] ?? null);
    case 'Fn::FindInMap':
      return findInMap(argument, template, world, inner);
    case 'Fn::Sub':
      return substitute(argument, inner);
    case 'Fn::GetAtt':
    case 'Fn::Transform':
      return value;
    default:
      return called(name, argument, value, inner);
  }
}

function called(name: string, argument: Json, value: Json, inner: (part: Json) => Json | undefined): Json {
  const known = inner(argument);
  if (known === undefined || name.startsWith('Fn::ForEach::')) return value;
  return functions[name]?.(known, argument) ?? { [name]: known };
}

/** Whether a condition holds in this world: worked out where it can be, else asked for. */
export function holds(name: string, template: Template, world: Scenario, above: readonly string[] = []): boolean {
  const stated = above.includes(name) ? undefined : own(template.Conditions, name); // a circle says nothing
  if (stated === undefined) return asked(`condition ${name}`, world);
  return holdsAs(stated, template, world, [...above, name]);
}

function holdsAs(stated: Json, template: Template, world: Scenario, above: readonly string[]): boolean {
  const inner = (part: Json) => holdsAs(part, template, world, above);
  const { name, argument } = intrinsic(stated) ?? {};
  if (isObject(stated) && typeof stated.Condition === 'string') return holds(stated.Condition, template, world, above);
  if (isList(argument)) {
    if (name === 'Fn::And') return argument.every(inner);
    if (name === 'Fn::Or') return argument.some(inner);
    if (name === 'Fn::Not' && argument[0] !== undefined) return !inner(argument[0]);
    if (name === 'Fn::Equals' && argument.length === 2) return equal(argument, template, world);
  }
  return asked(`condition ${JSON.stringify(stated)}`, world);
}

const asked = (question: string, world: Scenario) => chooseOne(question, [true, false], world) === true;

/** CloudFormation compares texts, and makes texts of numbers and booleans. */
function equal(sides: readonly Json[], template: Template, world: Scenario): boolean {
  const [one, other] = sides.map((side) => resolve(side, template, world));
  const spelt = JSON.stringify([one, other]);
  if (one === undefined || other === undefined) return asked(spelt, world);
  if (JSON.stringify(one) === JSON.stringify(other)) return true;
  if (isText(one) && isText(other)) return sameText(one, other) ?? asked(spelt, world);
  if (isText(one)) return chooseAmong(JSON.stringify(other), [String(one)], world) === String(one);
  if (isText(other)) return chooseAmong(JSON.stringify(one), [String(other)], world) === String(other);
  return asked(spelt, world);
}

/** Undefined where it depends on how a number was spelt, such as 1.0, which reading has lost. */
function sameText(one: string | number | boolean, other: string | number | boolean): boolean | undefined {
  if (String(one) === String(other)) return true;
  const spellings = typeof one !== 'string' || typeof other !== 'string';
  return spellings && Number(one) === Number(other) ? undefined : false;
}
