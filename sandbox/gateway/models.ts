import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A reference to a shape by a member, a list or an operation, with its location in the request. */
export interface Ref {
  shape: string;
  location?: string;
  locationName?: string;
  queryName?: string;
  resultWrapper?: string;
}

/** A shape of a service model, in botocore's JSON. */
export interface Shape {
  type: string;
  members?: Record<string, Ref>;
  required?: string[];
  member?: Ref;
  key?: Ref;
  value?: Ref;
  payload?: string;
  flattened?: boolean;
  sensitive?: boolean;
}

/** An API operation of a service model. */
export interface Operation {
  name: string;
  http: { method: string; requestUri: string };
  input?: Ref;
  output?: Ref;
}

/** The model of a service: its operations and their protocol. */
export interface Model {
  service: string;
  /** The prefix of CloudTrail's eventSource and of EventBridge's source. */
  prefix: string;
  protocol: string;
  version: string;
  operations: Record<string, Operation>;
  shapes: Record<string, Shape>;
}

/** Returns the model of a service by botocore's name; `undefined` if botocore has none. */
export type Models = (service: string) => Model | undefined;

/** Opens botocore's service models. Each is read on first use, because EC2's takes 100 ms. */
export function openModels(directory: string): Models {
  const cache = new Map<string, Model | undefined>();
  return (service) => {
    if (!cache.has(service)) cache.set(service, readModel(directory, service));
    return cache.get(service);
  };
}

/** The folder of the packages of a Python virtual environment. */
export function sitePackagesOf(venv: string): string {
  const lib = join(venv, 'lib');
  const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith('python')) : undefined;
  if (!python) throw new Error(`${venv} is not a Python virtual environment. Run: node sandbox/setup.mjs`);
  return join(lib, python, 'site-packages');
}

/** The folder of botocore's service models in a Python virtual environment. */
export function modelsIn(venv: string): string {
  const found = join(sitePackagesOf(venv), 'botocore', 'data');
  if (!existsSync(found)) throw new Error(`${venv} has no botocore. Run: node sandbox/setup.mjs`);
  return found;
}

function readModel(directory: string, service: string): Model | undefined {
  const home = join(directory, service);
  if (!/^[\w.-]+$/.test(service) || !existsSync(home)) return undefined;
  const file = join(home, readdirSync(home).sort().at(-1) ?? '', 'service-2.json');
  const text = existsSync(file) ? readFileSync(file) : gunzipSync(readFileSync(`${file}.gz`));
  const { metadata, operations, shapes } = JSON.parse(text.toString());
  return {
    service,
    prefix: metadata.signingName ?? metadata.endpointPrefix,
    protocol: metadata.protocol,
    version: metadata.apiVersion,
    operations,
    shapes,
  };
}

/** The shape of a reference; an empty structure if it has none. */
export function shapeOf(model: Model, ref: Ref | undefined): Shape {
  return (ref && model.shapes[ref.shape]) ?? { type: 'structure' };
}
