import { type ServiceName, services } from '../controls/services.ts';
import type { CallStep, Step } from '../test/cases/cases.ts';
import type { Credentials, Place } from './accounts.ts';
import type { AdminApi } from './gateway/admin-api.ts';

/** The values of `{…}` in steps: the place, a unique name, and the values that earlier steps saved. */
export type Variables = { [variable: string]: string };

/** The caller of steps: the gateway, the credentials and the place. */
export interface Caller {
  readonly gateway: Pick<AdminApi, 'backdate'> & { readonly url: string };
  readonly credentials: Credentials;
  readonly place: Place;
}

/** The initial variables. The name is unique, because S3 requires unique names across accounts. */
export const variablesFor = ({ account, region }: Place, name: string): Variables => ({ account, region, name });

/** Makes plain AWS calls one after the other, and saves values in the variables. */
export async function run(steps: readonly Step[], caller: Caller, variables: Variables): Promise<void> {
  for (const step of steps) {
    if ('call' in step) await callAws(step, caller, variables);
    else {
      const { account } = caller.place;
      await caller.gateway.backdate({ account, accessKeyId: fill(step.backdate, variables), days: step.days });
    }
  }
}

async function callAws({ call, input, save }: CallStep, { gateway, credentials, place }: Caller, variables: Variables) {
  const [service, operation] = call.split(':') as [ServiceName, string]; // the type of `call`
  const client = await services[service].load({ region: place.region, credentials, endpoint: gateway.url });
  const method: unknown = Reflect.get(client, operation);
  if (typeof method !== 'function')
    throw new Error(`${call}: the client has no such method. Use a method of the SDK's client.`);
  const answer: unknown = await Promise.resolve(method.call(client, fill(input, variables))).catch((error: unknown) => {
    throw named(call, error);
  });
  for (const [variable, path] of Object.entries(save ?? {})) variables[variable] = at(answer, path, call);
}

/** The same error with the name of the call before its message. */
function named(call: string, cause: unknown): Error {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  return Object.assign(new Error(`${call}: ${message}`, { cause }), { name });
}

/** Replaces variables in a text, or in every text of a value. */
export function fill<T>(value: T, variables: Variables): T {
  // The shape stays the same: texts become texts, lists lists and objects objects.
  if (typeof value === 'string')
    return value.replace(/\{(\w+)\}/g, (complete, variable) => variables[variable] ?? complete) as T;
  if (Array.isArray(value)) return value.map((item) => fill(item, variables)) as T;
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, variables)])) as T;
  return value;
}

function at(answer: unknown, path: string, call: string): string {
  const found = path
    .split('.')
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
      answer,
    );
  if (typeof found !== 'string') throw new Error(`${call}: the response has no text at "${path}".`);
  return found;
}
