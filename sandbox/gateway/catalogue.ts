import { controls } from '../../controls/index.ts';
import { type Service, type ServiceName, services } from '../../controls/services.ts';
import { ACCOUNT, type Control } from '../../lib/model/control.ts';
import type { Call } from './types.ts';
import { list, record, text } from './values.ts';

/** A resource type of the catalogue: the control that describes it, and where CloudTrail's events name its resources. */
interface GovernedType {
  readonly control: Control;
  /** CloudTrail's event sources of the calls that change the type. */
  readonly eventSources: ReadonlySet<string>;
  /** The dotted paths of the resource's id in an event's detail; `*` stands for each item of a list. */
  readonly idPaths: ReadonlySet<string>;
}

/** The resource types of all controls, by the name that AWS Config gives them. */
const governedTypes = new Map<string, GovernedType>();
for (const control of controls) {
  const { configType, triggers } = control;
  if (configType === ACCOUNT) continue;
  const { eventSources, idPaths } = governedTypes.get(configType) ?? { eventSources: new Set(), idPaths: new Set() };
  const sources = Object.keys(triggers).map((event) => services[event.split(':')[0] as ServiceName].source); // as triggers are typed
  governedTypes.set(configType, {
    control,
    eventSources: new Set([...eventSources, ...sources]),
    idPaths: new Set([...idPaths, ...Object.values(triggers).flat().flatMap(withTopLevel)]),
  });
}

/** A path, and the same field at the top level of requests and responses, where other calls of the service have it. */
function withTopLevel(path: string): string[] {
  if (path.startsWith('userIdentity.')) return []; // the caller, which most calls do not change
  const field = path.split('.').at(-1);
  return [`responseElements.${field}`, path, `requestParameters.${field}`];
}

/** The control that describes a resource type; any of them, if there are several. */
export const controlOn = (type: string): Control | undefined => governedTypes.get(type)?.control;

/** The IAM action of a call, by the table of services if it has the service. */
export function iamActionOf({ service, scope, action }: Call): string {
  const found: Service | undefined = Object.entries(services).find(([name]) => name === service)?.[1];
  return `${found?.iam ?? scope}:${found?.actions?.[action] ?? action}`;
}

/** A resource that a call changed, by the name that the service's API takes. */
export interface ChangedResource {
  type: string;
  name: string;
  deleted: boolean;
}

/** The governed resources that the detail of a CloudTrail event names. */
export function changedBy(detail: unknown): ChangedResource[] {
  const { eventSource, eventName } = record(detail);
  return [...governedTypes].flatMap(([type, { control, eventSources, idPaths }]) => {
    if (!eventSources.has(String(eventSource))) return [];
    const spellings = [...idPaths].flatMap((path) => valuesAt(detail, path.split('.'))).flatMap((id) => text(id) || []);
    const byId = new Map<string, string>();
    for (const spelling of spellings) {
      const id = control.normalizeId(spelling);
      if (!byId.has(id)) byId.set(id, spelling);
    }
    const noun = type.split('::').at(-1);
    const deleted = new RegExp(`^(Delete|Terminate)${noun}s?$`).test(String(eventName));
    // AWS Config names a resource as CloudFormation does, which is not always the API's id.
    return [...byId].map(([id, spelling]) => ({ type, name: control.physicalId ? spelling : id, deleted }));
  });
}

function valuesAt(value: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (key === undefined) return [value];
  if (key === '*') return list(value).flatMap((item) => valuesAt(item, rest));
  return valuesAt(record(value)[key], rest);
}

/** The managed rules that AWS evaluates on a schedule only, with the type that each evaluates. */
export const periodicRules: { readonly [identifier: string]: string } = Object.fromEntries(
  controls.flatMap(({ detect, configType }) =>
    detect.by === 'managed-rule' && detect.periodic ? [[detect.identifier, configType]] : [],
  ),
);
