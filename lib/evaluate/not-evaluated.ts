import { includes, isLocal, type Load } from './template/includes.ts';
import { nestedPath } from './template/nested.ts';
import { LOOP, macrosOf, type RawResource, type Template } from './template/template.ts';

/** A place in a template that no control could look into, and why. */
export interface NotEvaluated {
  readonly path: readonly string[];
  readonly reason: string;
}

/** Macros of AWS that leave alone what the template spells out itself. */
const HARMLESS = /^AWS::(Serverless-2016-10-31|LanguageExtensions|CodeDeployBlueGreen|SecretsManager-)/;

/** What somebody should see to: what may change at deployment behind the judge's back, and what is no resource. */
export function notEvaluated(template: Template): readonly NotEvaluated[] {
  const foreign = macrosOf(template).filter((name) => typeof name !== 'string' || !HARMLESS.test(name));
  const loops = macrosOf(template).includes('AWS::LanguageExtensions');
  const found: NotEvaluated[] = foreign.map((name) => ({
    path: ['Transform'],
    reason: `the macro ${JSON.stringify(name)} may rewrite the template at deployment; judge what it makes of it`,
  }));
  for (const id in template.Resources) {
    const resource = template.Resources[id];
    if (typeof resource?.Type === 'string' || (loops && isLoop(id, resource))) continue;
    found.push({ path: ['Resources', id], reason: whyNone(id) });
  }
  return found;
}

function whyNone(id: string): string {
  if (id === 'Fn::Transform')
    return 'a macro adds resources at deployment, so that no control can look at them; judge what it makes of the template';
  if (id.startsWith(LOOP))
    return `${id} has no Type; a loop needs the transform AWS::LanguageExtensions and a list of three`;
  return `${id} has no Type, so that no control can look at it`;
}

/** What comes into being only at deployment and is checked live. */
export function deferred({ Resources }: Template, load: Load = () => undefined): readonly NotEvaluated[] {
  const found: NotEvaluated[] = [];
  for (const id in Resources) {
    const resource = Resources[id];
    const reason = resource && whyLater(id, resource, load);
    if (reason !== undefined)
      found.push({ path: ['Resources', id], reason: `Known only at deployment; checked live: ${reason}.` });
  }
  return found;
}

const isLoop = (id: string, value: unknown) => id.startsWith(LOOP) && Array.isArray(value) && value.length === 3;

function whyLater(id: string, resource: RawResource, load: Load): string | undefined {
  if (isLoop(id, resource)) return `the loop ${id.slice(LOOP.length)} runs over values that the template does not have`;
  const { Type } = resource;
  if (typeof Type !== 'string') return undefined;
  const path = nestedPath(resource);
  if (path !== undefined && load(path) !== undefined) return undefined;
  if (Type.startsWith('AWS::Serverless::')) return `SAM makes the resources of ${Type}`;
  if (Type.endsWith('::MODULE')) return `the module ${Type} makes resources of its own`;
  if (Type === 'AWS::CloudFormation::Stack' || Type === 'AWS::CloudFormation::StackSet')
    return `the template of ${id} is not at hand`;
  return undefined;
}

/** The local files that a judge would look into: snippets that are included, and templates of nested stacks. */
export function references(template: Template): readonly string[] {
  const stacks = Object.values(template.Resources ?? {}).map((resource) => resource && nestedPath(resource));
  return [...new Set([...includes(template), ...stacks.filter(isLocal)])];
}
