import { type Model, type Operation, type Ref, shapeOf } from './models.ts';
import type { Named, WireRequest } from './types.ts';
import { type Params, parseJson, record, scalar } from './values.ts';
import { fromXml, parseXml } from './xml.ts';

interface Route {
  operation: Operation;
  pattern: RegExp;
  fixed: [string, string][];
  /** Names of required headers and query parameters, lower case. */
  required: string[];
  greedy: boolean;
  variables: number;
}

const routesOf = new WeakMap<Model, Route[]>();

/** Finds the operation of a REST call by method, path, query and required headers, the most specific route first. */
export function restCall(request: WireRequest, model: Model): Named | undefined {
  if (model.protocol !== 'rest-json' && model.protocol !== 'rest-xml') return undefined;
  const path = pathOf(request, model);
  const trigger = request.query.get('x-id');
  for (const route of routes(model)) {
    if (trigger && model.operations[trigger] && trigger !== route.operation.name) continue;
    const found = matches(route, request) ? route.pattern.exec(path) : null;
    if (!found) continue;
    return {
      action: route.operation.name,
      params: paramsOf(route.operation, model, request, found.groups ?? {}),
      protocol: model.protocol,
    };
  }
  return undefined;
}

function pathOf({ path, headers }: WireRequest, model: Model): string {
  const host = headers.host?.split(':')[0] ?? '';
  const bucket = model.service === 's3' ? /^(.+?)\.(?:s3[.-]|s3$|localhost$)/.exec(host)?.[1] : undefined;
  return bucket && bucket !== 's3' ? `/${bucket}${path}` : path;
}

function routes(model: Model): Route[] {
  const known = routesOf.get(model);
  if (known) return known;
  const made = Object.values(model.operations)
    .map((operation) => routeOf(operation, model))
    .sort(
      (a, b) =>
        b.fixed.length - a.fixed.length ||
        b.required.length - a.required.length ||
        Number(a.greedy) - Number(b.greedy) ||
        a.variables - b.variables,
    );
  routesOf.set(model, made);
  return made;
}

function routeOf(operation: Operation, model: Model): Route {
  const [path = '/', query = ''] = operation.http.requestUri.split('?');
  const parts = path.replace(/\/$/, '').split(/(\{[\w-]+\+?\})/);
  const pattern = parts.map((part) => {
    const variable = /^\{([\w-]+)(\+?)\}$/.exec(part);
    if (!variable) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return `(?<${groupName(variable[1] ?? '')}>${variable[2] ? '.+' : '[^/]+'})`;
  });
  const input = shapeOf(model, operation.input);
  const required = (input.required ?? [])
    .map((name) => input.members?.[name])
    .filter((ref) => ref?.location === 'header' || ref?.location === 'querystring')
    .map((ref) => (ref?.locationName ?? '').toLowerCase());
  return {
    operation,
    pattern: new RegExp(`^${pattern.join('')}/?$`),
    fixed: [...new URLSearchParams(query)],
    required,
    greedy: path.includes('+}'),
    variables: parts.length,
  };
}

// The name of a group has no dashes.
const groupName = (name: string) => name.replaceAll('-', '_');

function matches({ operation, fixed, required }: Route, { method, query, headers }: WireRequest): boolean {
  if (operation.http.method !== method) return false;
  if (!fixed.every(([name, value]) => query.has(name) && (!value || query.get(name) === value))) return false;
  const names = new Set([...query.keys()].map((name) => name.toLowerCase()));
  return required.every((name) => names.has(name) || headers[name] !== undefined);
}

function paramsOf(operation: Operation, model: Model, request: WireRequest, groups: Record<string, string>): Params {
  const input = shapeOf(model, operation.input);
  const params: Params = {};
  for (const [name, ref] of Object.entries(input.members ?? {})) {
    const value = located(ref, name, model, request, groups);
    if (value !== undefined) params[name] = value;
  }
  const payload = input.payload ? shapeOf(model, input.members?.[input.payload]) : input;
  if (!request.body.length || payload.type !== 'structure') {
    if (input.payload && payload.type === 'string') params[input.payload] = request.body.toString();
    return params;
  }
  const body =
    model.protocol === 'rest-json'
      ? record(parseJson(request.body))
      : record(fromXml(parseXml(request.body.toString()), payload, model));
  return input.payload ? { ...params, [input.payload]: body } : { ...params, ...body };
}

function located(
  ref: Ref,
  name: string,
  model: Model,
  { query, headers }: WireRequest,
  groups: Record<string, string>,
): unknown {
  const wire = ref.locationName ?? name;
  const shape = shapeOf(model, ref);
  if (ref.location === 'uri') return decode(groups[groupName(wire)] ?? '');
  if (ref.location === 'querystring' && query.has(wire)) {
    return shape.type === 'list' ? query.getAll(wire) : scalar(shape, query.get(wire) ?? '');
  }
  const header = ref.location === 'header' ? headers[wire.toLowerCase()] : undefined;
  return header === undefined ? undefined : scalar(shape, String(header));
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
