import { checkedLater } from './finding.ts';
import { includedFiles, isLocal, type Load } from './template/includes.ts';
import { nestedTemplatePath } from './template/nested.ts';
import { LOOP, macrosOf, type RawResource, type Template } from './template/template.ts';

/** A part of a template that no control can evaluate. */
export interface NotEvaluated {
  readonly path: readonly string[];
  readonly reason: string;
}

/** Macros of AWS that do not change the resources that a template declares itself. */
const HARMLESS = /^AWS::(Serverless-2016-10-31|LanguageExtensions|CodeDeployBlueGreen|SecretsManager-)/;

/** Macros that may change the template at deployment, and entries of `Resources` that are not resources. */
export function notEvaluated(template: Template): readonly NotEvaluated[] {
  const foreign = macrosOf(template).filter((name) => typeof name !== 'string' || !HARMLESS.test(name));
  const loops = macrosOf(template).includes('AWS::LanguageExtensions');
  const found: NotEvaluated[] = foreign.map((name) => ({
    path: ['Transform'],
    reason: `the macro ${JSON.stringify(name)} may rewrite the template at deployment; check the processed template`,
  }));
  for (const id in template.Resources) {
    const resource = template.Resources[id];
    if (typeof resource?.Type === 'string' || (loops && isLoop(id, resource))) continue;
    found.push({ path: ['Resources', id], reason: noResourceReason(id) });
  }
  return found;
}

function noResourceReason(id: string): string {
  if (id === 'Fn::Transform') return 'a macro adds resources at deployment; check the processed template';
  if (id.startsWith(LOOP))
    return `${id} has no Type; a loop needs the transform AWS::LanguageExtensions and a list of three items`;
  return `${id} has no Type, so no control can evaluate it`;
}

/** Resources that are generated at deployment and checked in the account. */
export function deferred({ Resources }: Template, load: Load = () => undefined): readonly NotEvaluated[] {
  const found: NotEvaluated[] = [];
  for (const id in Resources) {
    const resource = Resources[id];
    const reason = resource ? deferredReason(id, resource, load) : undefined; // a broken template may hold null
    if (reason !== undefined) found.push({ path: ['Resources', id], reason: checkedLater(reason) });
  }
  return found;
}

const isLoop = (id: string, value: unknown) => id.startsWith(LOOP) && Array.isArray(value) && value.length === 3;

function deferredReason(id: string, resource: RawResource, load: Load): string | undefined {
  if (isLoop(id, resource)) return `the loop ${id.slice(LOOP.length)} iterates over deploy-time values`;
  const { Type } = resource;
  if (typeof Type !== 'string') return undefined;
  const path = nestedTemplatePath(resource);
  if (path !== undefined && load(path) !== undefined) return undefined;
  if (Type.startsWith('AWS::Serverless::')) return `SAM generates the resources of ${Type}`;
  if (Type.endsWith('::MODULE')) return `the module ${Type} generates resources`;
  if (Type === 'AWS::CloudFormation::Stack' || Type === 'AWS::CloudFormation::StackSet')
    return `the template of ${id} is not available`;
  return undefined;
}

/**
 * The local files that a template names: included snippets and the templates of nested stacks.
 *
 * @example
 * ```ts
 * for (const path of referencedFiles(template)) files.set(path, parse(readFileSync(path, 'utf8')));
 * const { findings } = evaluate(controls, template, { load: (path) => files.get(path) });
 * ```
 */
export function referencedFiles(template: Template): readonly string[] {
  const stacks = Object.values(template.Resources ?? {}).map((resource) => resource && nestedTemplatePath(resource));
  return [...new Set([...includedFiles(template), ...stacks.filter(isLocal)])];
}
