import { isDeepStrictEqual } from 'node:util';
import type { CfnResource } from 'aws-cdk-lib/core';
import { assess } from '../lib/evaluate/assess.ts';
import type { PreparedControl } from '../lib/evaluate/prepared-control.ts';
import { propertiesOf } from '../lib/evaluate/template/view.ts';
import type { Json } from '../lib/model/control.ts';
import { isObject } from '../lib/model/json.ts';
import { UnsynthesizedTemplate } from './unsynthesized-template.ts';

/**
 * Fixes a certain violation of a resource by property overrides.
 * @returns the reason if there is a violation, or may be one, that it cannot fix
 */
export function fix(node: CfnResource, prepared: PreparedControl): string | undefined {
  const stack = UnsynthesizedTemplate.of(node);
  const id = stack.idOf(node);
  const { verdict } = assess(prepared, stack.templateFor(node, prepared.control), id).outcome;
  if (verdict === 'unknown')
    return 'the violation depends on a condition or on a parameter that the parent stack passes, and shows only in the synthesized template';
  if (verdict === 'compliant') return undefined;
  stack.forget(); // values read by earlier visits may have changed since, and lists are written as a whole
  const template = stack.templateFor(node, prepared.control);
  const { outcome, at, desired } = assess(prepared, template, id);
  if (outcome.verdict !== 'violation') return undefined;
  if (!prepared.control.repair) return 'a person must decide how to fix it';
  if (!desired) return 'the correct value is known only at deployment';
  const target = at === undefined ? undefined : stack.resource(at);
  if (at === undefined || !target) return 'no single resource of the template has these properties';
  const properties = template.Resources?.[at]?.Properties ?? {};
  for (const name of propertiesOf(prepared.control))
    for (const [path, value] of differences(properties[name], desired[name], [name])) override(target, path, value);
  stack.forget();
  return undefined;
}

function override(target: CfnResource, path: readonly string[], value: Json | undefined): void {
  target.addPropertyOverride(path.map((key) => key.replaceAll('.', '\\.')).join('.'), value);
}

/** The smallest differing parts. CDK merges overrides deeply, so removed keys are listed, and lists are replaced as a whole. */
function* differences(
  from: Json | undefined,
  to: Json | undefined,
  path: readonly string[],
): Generator<[readonly string[], Json | undefined]> {
  if (isDeepStrictEqual(from, to)) return;
  if (!isObject(from) || !isObject(to)) return yield [path, to];
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)]))
    yield* differences(from[key], to[key], [...path, key]);
}
