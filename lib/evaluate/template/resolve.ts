import type { Json } from '../../model/control.ts';
import { holds } from './conditions.ts';
import { functions } from './functions.ts';
import { findInMap } from './mappings.ts';
import { reference } from './parameters.ts';
import { isOpen, type Scenario } from './scenarios.ts';
import { substitute } from './sub.ts';
import { type Intrinsic, intrinsic, isList, type Template } from './template.ts';
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
