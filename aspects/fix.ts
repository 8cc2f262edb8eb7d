import { isDeepStrictEqual } from 'node:util';
import type { CfnResource } from 'aws-cdk-lib/core';
import { assess } from '../lib/evaluate/assess.ts';
import { isObject } from '../lib/evaluate/template/template.ts';
import { propertiesOf } from '../lib/evaluate/template/view.ts';
import type { PreparedControl } from '../lib/evaluate/verdict.ts';
import type { Json } from '../lib/model/control.ts';
import { UnsynthesizedTemplate } from './unsynthesized-template.ts';

/** Puts a resource right by overrides if it is in violation for sure; says why where it cannot. */
export function fix(node: CfnResource, rule: PreparedControl): string | undefined {
  const around = UnsynthesizedTemplate.of(node);
  const id = around.idOf(node);
  const { verdict } = assess(rule, around.templateFor(node, rule.control), id).outcome;
  if (verdict === 'unknown')
    return 'that it is wrong shows only in the whole template, by its conditions or by what the stack above hands it';
  if (verdict === 'compliant') return undefined;
  around.forget(); // what earlier visits have read may have changed since, and lists are written whole
  const template = around.templateFor(node, rule.control);
  const { outcome, at, desired } = assess(rule, template, id);
  if (outcome.verdict !== 'violation') return undefined;
  if (!rule.control.repair) return 'only a person can decide how';
  if (!desired) return 'what is right depends on values known only at deployment';
  const target = at === undefined ? undefined : around.resource(at);
  if (at === undefined || !target) return 'no single resource of the template holds the state';
  const properties = template.Resources?.[at]?.Properties ?? {};
  for (const name of propertiesOf(rule.control))
    for (const [path, value] of differences(properties[name], desired[name], [name])) override(target, path, value);
  around.forget();
  return undefined;
}

function override(target: CfnResource, path: readonly string[], value: Json | undefined): void {
  target.addPropertyOverride(path.map((key) => key.replaceAll('.', '\\.')).join('.'), value);
}

/** The smallest places that differ; overrides merge deeply, so what should go must be named, and lists go whole. */
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
