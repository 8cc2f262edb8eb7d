import type { Json } from '../control.ts';
import { intrinsic, isList, isObject, type Template } from './template.ts';

/** One way in which a template's conditions and parameters can come out; what nobody asked about is not decided. */
export type World = { readonly [question: string]: Json };

/** Above this many combinations a verdict would cost more than it tells. */
const LIMIT = 64;

class Undecided extends Error {
  readonly question: string;
  readonly answers: readonly Json[];
  constructor(question: string, answers: readonly Json[]) {
    super(`${question} is not decided`);
    this.question = question;
    this.answers = answers;
  }
}

/**
 * Runs a pure function once for each combination of the conditions and parameters that it meets; undefined when there
 * are more than 64. A question that comes up is asked by throwing, and the run starts again with each answer.
 */
export function explore<T>(start: World, run: (world: World) => T): T[] | undefined {
  const results: T[] = [];
  const open: World[] = [start];
  for (let world = open.pop(); world; world = open.pop()) {
    try {
      results.push(run(world));
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      for (const answer of error.answers.toReversed()) open.push({ ...world, [error.question]: answer });
    }
    if (results.length + open.length > LIMIT) return undefined;
  }
  return results;
}

const conditionQuestion = (name: string) => `condition ${name}`;

/** The world in which a condition holds, as it does for the resource that depends on it. */
export const holding = (condition: Json | undefined): World =>
  typeof condition === 'string' ? { [conditionQuestion(condition)]: true } : {};

/** What this world says of a condition so far; undefined where nobody has asked. */
export const decided = (condition: Json | undefined, world: World): Json | undefined =>
  typeof condition === 'string' ? world[conditionQuestion(condition)] : undefined;

/** Whether a condition holds in this world; asks for both where that is not decided. */
export function holds(condition: string, world: World): boolean {
  return answer(conditionQuestion(condition), [true, false], world) === true;
}

function answer(question: string, answers: readonly Json[], world: World): Json {
  const known = world[question];
  if (known === undefined) throw new Undecided(question, answers);
  return known;
}

/** A template's value in this world: branches chosen, `AWS::NoValue` gone (undefined); what stays unresolved is left as it is. */
export function resolve(value: Json | undefined, template: Template, world: World): Json | undefined {
  const call = intrinsic(value);
  if (call) return resolveCall(call, value, template, world);
  if (isList(value)) return value.map((item) => resolve(item, template, world)).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  const resolved = Object.entries(value).map(([key, item]) => [key, resolve(item, template, world)] as const);
  return Object.fromEntries(resolved.filter(([, item]) => item !== undefined));
}

function resolveCall(
  { name, argument }: { name: string; argument: Json },
  value: Json | undefined,
  template: Template,
  world: World,
): Json | undefined {
  if (name === 'Fn::If' && isList(argument) && argument.length === 3 && typeof argument[0] === 'string')
    return resolve(argument[holds(argument[0], world) ? 1 : 2], template, world);
  if (name !== 'Ref' || typeof argument !== 'string') return value;
  if (argument === 'AWS::NoValue') return undefined;
  const allowed = allowedValues(argument, template);
  return allowed ? answer(`parameter ${argument}`, allowed, world) : value;
}

/** Only of plain types: for a type that reads SSM, AllowedValues restrict the parameter's name and not its value. */
function allowedValues(name: string, { Parameters }: Template): readonly Json[] | undefined {
  const parameter = Parameters && Object.hasOwn(Parameters, name) ? Parameters[name] : undefined;
  if (parameter?.Type !== 'String' && parameter?.Type !== 'Number') return undefined;
  return isList(parameter.AllowedValues) && parameter.AllowedValues.length > 0 ? parameter.AllowedValues : undefined;
}
