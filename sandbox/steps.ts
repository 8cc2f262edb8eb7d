import { type ServiceName, services } from '../controls/services.ts';
import type { CallStep, Step } from '../test/cases/cases.ts';
import type { Credentials, Place } from './accounts.ts';
import type { AdminApi } from './gateway/admin-api.ts';

/** What fills the `{…}` of steps: the place, a name of one's own, and what earlier steps saved. */
export type Variables = { [variable: string]: string };

/** Where and as whom steps are run. */
export interface Caller {
  readonly gateway: Pick<AdminApi, 'backdate'> & { readonly url: string };
  readonly credentials: Credentials;
  readonly place: Place;
}

/** Variables to begin with; the name is unique, for S3 wants it so across all accounts. */
export const variablesFor = ({ account, region }: Place, name: string): Variables => ({ account, region, name });

/** Makes plain AWS calls as a person would, one after the other; what they save goes into the variables. */
export async function run(steps: readonly Step[], hand: Caller, variables: Variables): Promise<void> {
  for (const step of steps) {
    if ('call' in step) await make(step, hand, variables);
    else {
      const { account } = hand.place;
      await hand.gateway.backdate({ account, accessKeyId: fill(step.backdate, variables), days: step.days });
    }
  }
}

async function make({ call, input, save }: CallStep, { gateway, credentials, place }: Caller, variables: Variables) {
  const [service, operation] = call.split(':') as [ServiceName, string]; // the type of `call` says so
  const client = await services[service].load({ region: place.region, credentials, endpoint: gateway.url });
  const method: unknown = Reflect.get(client, operation);
  if (typeof method !== 'function') throw new Error(`${call}: the client has no such operation; use a method's name.`);
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

/** Fills variables into a text, or into every text of a value. */
export function fill<T>(value: T, variables: Variables): T {
  // Filling keeps the shape: texts become texts, lists lists and objects objects.
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
  if (typeof found !== 'string') throw new Error(`${call} answered no text at "${path}".`);
  return found;
}
