import type { ServiceName, services } from '../../controls/services.ts';
import type { Properties } from './property.ts';
import { interpolate, type Place, type Target } from './target.ts';

/** The resource type of the account as a whole in AWS Config; its id is the account id. */
export const ACCOUNT = 'AWS::::Account';

/** A target with its ARN in the type's format; empty if the type has none. */
export interface ControlTarget extends Target {
  readonly arn: string;
}

/** An IAM action of one of the services, such as `s3:GetBucketPolicy`. */
export type IamAction<Services extends ServiceName> = `${(typeof services)[Services]['iam']}:${string}`;

/** The AWS clients of the services that a resource type names, and no others. */
export type Clients<Services extends ServiceName = ServiceName> = {
  readonly [Name in Services]: Awaited<ReturnType<(typeof services)[Name]['load']>>;
};

/** A part of a resource that a separate API call returns, such as a bucket's policy. */
interface Facet<Services extends ServiceName, Value> {
  /** Exactly the IAM actions that `read` needs; a test compares them with its calls. */
  readonly actions: readonly IamAction<Services>[];
  /** Reads the facet; `undefined` if the resource is gone, in another region or not governed. */
  read(clients: Clients<Services>, target: ControlTarget): Promise<Value | undefined>;
}

/** A listed resource, with the facets that the list call returns. */
interface ListedResource<Facets> {
  readonly id: string;
  readonly facets?: Partial<Facets>;
}

/** Lists the resources of a type in one place. */
interface Listing<Services extends ServiceName, Facets> {
  /** Exactly the IAM actions that `all` needs. */
  readonly actions: readonly IamAction<Services>[];
  /** Yields every resource of all pages. */
  all(clients: Clients<Services>, place: Place): AsyncIterable<ListedResource<Facets>>;
}

interface Facts<Services extends ServiceName> {
  /** The CloudFormation type, or `ACCOUNT` for settings of the account. */
  readonly type: string;
  /** The type's name in AWS Config, if different. */
  readonly configType?: string;
  /** The AWS clients that the type's controls receive. */
  readonly services: readonly Services[];
  /** The ARN with `{partition}`, `{region}`, `{account}` and `{id}`; sessions are restricted to it. */
  readonly arn?: string;
  /** CloudFormation's physical id, if it is not the API's id; with the placeholders of `arn` and `{urlSuffix}`. */
  readonly physicalId?: string;
}

interface Defaulted {
  /** `global` for IAM and other settings that an account has once; evaluated in the partition's global region. */
  readonly scope: 'regional' | 'global';
  /** AWS Config's field, `resourceId` or `resourceName`, that holds the id of the service's API. */
  readonly configId: 'id' | 'name';
  /** Converts other forms of the id in events and commands, such as an ARN or a URL, to the API's id. */
  normalizeId(spelling: string): string;
}

/** How the controls on a type of AWS resource identify, list and read it. */
export interface ResourceType<
  Services extends ServiceName = ServiceName,
  Facets = object,
  Props extends Properties = Properties,
> extends Facts<Services>,
    Defaulted {
  /** The properties that the type's controls use. */
  readonly properties: Props;
  readonly list: Listing<Services, Facets>;
  readonly facets: { readonly [Name in keyof Facets]: Facet<Services, Facets[Name]> };
}

type Definition<Services extends ServiceName, Facets, Props extends Properties> = Facts<Services> &
  Partial<Defaulted> & {
    readonly properties: Props;
    readonly list: Listing<NoInfer<Services>, NoInfer<Facets>>;
    readonly facets: { readonly [Name in keyof Facets]: Facet<NoInfer<Services>, Facets[Name]> };
  };

/**
 * Declares a resource type. By default it is regional, AWS Config's `resourceId` is the API's id, and `normalizeId`
 * extracts the id from `arn`.
 *
 * @example
 * ```ts
 * export const eventDataStore = defineResource({
 *   type: 'AWS::CloudTrail::EventDataStore',
 *   services: ['cloudtrail'],
 *   arn: 'arn:{partition}:cloudtrail:{region}:{account}:eventdatastore/{id}',
 *   properties: { TerminationProtectionEnabled: boolean() },
 *   list: { actions: ['cloudtrail:ListEventDataStores'], all: listStores },
 *   facets: { store: { actions: ['cloudtrail:GetEventDataStore'], read: readStore } },
 * });
 * ```
 */
export function defineResource<const Services extends ServiceName, Facets, const Props extends Properties>(
  definition: Definition<Services, Facets, Props>,
): ResourceType<Services, Facets, Props> {
  return { scope: 'regional', configId: 'id', normalizeId: idFromArn(definition.arn), ...definition };
}

/** Adds the ARN to a target. */
export const withArn = ({ arn }: Pick<ResourceType, 'arn'>, target: Target): ControlTarget => ({
  ...target,
  arn: arn === undefined ? '' : interpolate(arn, target),
});

/** Returns a function that removes the part of an ARN before the id; a `*` in the format stands for any path. */
function idFromArn(format: string | undefined): (spelling: string) => string {
  if (format === undefined) return (spelling) => spelling;
  const prefix = format
    .replace(/\{id\}.*$/, '')
    .replace(/[.+?^$()|[\]\\]/g, '\\$&')
    .replace('*', '(.*/)?')
    .replace(/\{\w+\}/g, '[^:]*');
  const pattern = new RegExp(`^${prefix}`);
  return (spelling) => spelling.replace(pattern, '');
}

export type { ServiceName } from '../../controls/services.ts';
