import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** A use of a shape by a member, a list or an operation, with where it stands on the wire. */
export interface Ref {
  shape: string;
  location?: string;
  locationName?: string;
  queryName?: string;
  resultWrapper?: string;
}

/** A shape of a service model, as botocore's JSON writes it. */
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

/** One service: what its calls are named, and how they are written on the wire. */
export interface Model {
  service: string;
  /** The prefix of CloudTrail's eventSource and of EventBridge's source. */
  prefix: string;
  protocol: string;
  version: string;
  operations: Record<string, Operation>;
  shapes: Record<string, Shape>;
}

/** Gives a service's model by botocore's name for it; undefined where there is none. */
export type Models = (service: string) => Model | undefined;

/** Opens botocore's service models, each read when first asked for (EC2's takes 100 ms). */
export function openModels(directory: string): Models {
  const cache = new Map<string, Model | undefined>();
  return (service) => {
    if (!cache.has(service)) cache.set(service, readModel(directory, service));
    return cache.get(service);
  };
}

/** Finds botocore's data inside a Python virtual environment. */
export function modelsIn(venv: string): string {
  const lib = join(venv, 'lib');
  const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith('python')) : undefined;
  const found = python && join(lib, python, 'site-packages', 'botocore', 'data');
  if (!found || !existsSync(found)) {
    throw new Error(`No service models in ${venv}: botocore is not installed there. Run: node sandbox/setup.mjs`);
  }
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

/** The shape that a reference stands for; an empty structure where there is none. */
export function shapeOf(model: Model, ref: Ref | undefined): Shape {
  return (ref && model.shapes[ref.shape]) ?? { type: 'structure' };
}
