import type { Json } from '../../model/control.ts';
import { resolve } from './resolve.ts';
import { chooseAmong, chooseOne, type Scenario } from './scenarios.ts';
import { intrinsic, isList, isObject, isText, own, type Template } from './template.ts';

/** Whether a condition holds in this world: worked out where it can be, else asked for. */
export function holds(name: string, template: Template, world: Scenario, above: readonly string[] = []): boolean {
  const stated = above.includes(name) ? undefined : own(template.Conditions, name); // a circle says nothing
  if (stated === undefined) return asked(`condition ${name}`, world);
  return evaluate(stated, template, world, [...above, name]);
}

function evaluate(stated: Json, template: Template, world: Scenario, above: readonly string[]): boolean {
  const inner = (part: Json) => evaluate(part, template, world, above);
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
