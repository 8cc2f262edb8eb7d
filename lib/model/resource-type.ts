import type { ServiceName, services } from '../../controls/services.ts';
import type { Properties } from './property.ts';
import { interpolate, type Place, type Target } from './target.ts';

/** The resource type under which AWS Config reports the account as a whole; its id is the account's number. */
export const ACCOUNT = 'AWS::::Account';

/** A target as a control sees it: `arn` is the type's ARN format filled in, or empty where the type has none. */
export interface ControlTarget extends Target {
  readonly arn: string;
}

/** An IAM action of one of the services, such as `s3:GetBucketPolicy`. */
export type IamAction<Services extends ServiceName> = `${(typeof services)[Services]['iam']}:${string}`;

/** The AWS clients of the services that a resource type names, and no others. */
export type Clients<Services extends ServiceName = ServiceName> = {
  readonly [Name in Services]: Awaited<ReturnType<(typeof services)[Name]['load']>>;
};

/** One aspect of a resource that costs a call of its own, such as a bucket's policy. */
export interface Facet<Services extends ServiceName, Value> {
  /** Exactly the IAM actions that `read` needs; a test compares them with the calls. */
  readonly actions: readonly IamAction<Services>[];
  /** Reads the facet; `undefined` when the resource is gone, in another region or never governed. */
  read(clients: Clients<Services>, target: ControlTarget): Promise<Value | undefined>;
}

/** A resource in a listing, with the facets that the list call carries. */
export interface ListedResource<Facets> {
  readonly id: string;
  readonly facets?: Partial<Facets>;
}

/** How the resources of a type are found in one place. */
export interface Listing<Services extends ServiceName, Facets> {
  /** Exactly the IAM actions that `all` needs. */
  readonly actions: readonly IamAction<Services>[];
  /** Yields every resource, all pages. */
  all(clients: Clients<Services>, place: Place): AsyncIterable<ListedResource<Facets>>;
}

interface Facts<Services extends ServiceName> {
  /** The CloudFormation type, or `ACCOUNT` for settings of the account. */
  readonly type: string;
  /** The name under which AWS Config records the type, where that differs. */
  readonly configType?: string;
  /** The AWS clients that the type's controls get. */
  readonly services: readonly Services[];
  /** The ARN with `{partition}`, `{region}`, `{account}` and `{id}`; sessions are limited to it. */
  readonly arn?: string;
  /** CloudFormation's physical id, where it is not the API's id; with the same placeholders as `arn`. */
  readonly physicalId?: string;
}

interface Defaulted {
  /** `global`: IAM and other settings that an account has once; watched in the partition's global region. */
  readonly scope: 'regional' | 'global';
  /** Which of AWS Config's two fields holds the id that the service's API takes. */
  readonly configId: 'id' | 'name';
  /** Returns the API's id for the other spellings that events and people use, such as an ARN or a URL. */
  normalizeId(spelling: string): string;
}

/** A type of AWS resource: how it is identified, listed and read. The controls on the type share it. */
export interface ResourceType<
  Services extends ServiceName = ServiceName,
  Facets = object,
  Props extends Properties = Properties,
> extends Facts<Services>,
    Defaulted {
  /** The properties that the type's controls look at. */
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
 * Declares a resource type. It is regional, AWS Config's `id` is the API's id, and `normalizeId` follows from `arn`,
 * where the definition does not say otherwise.
 *
 * @example
 * ```ts
 * export const trail = defineResource({
 *   type: 'AWS::CloudTrail::Trail',
 *   services: ['cloudtrail'],
 *   arn: 'arn:{partition}:cloudtrail:{region}:{account}:trail/{id}',
 *   properties: { EnableLogFileValidation: boolean() },
 *   list: { actions: ['cloudtrail:DescribeTrails'], all: listTrails },
 *   facets: { trail: { actions: ['cloudtrail:DescribeTrails'], read: readTrail } },
 * });
 * ```
 */
export function defineResource<const Services extends ServiceName, Facets, const Props extends Properties>(
  definition: Definition<Services, Facets, Props>,
): ResourceType<Services, Facets, Props> {
  return { scope: 'regional', configId: 'id', normalizeId: idFromArn(definition.arn), ...definition };
}

/** The target with its ARN, for a control to use. */
export const withArn = ({ arn }: Pick<ResourceType, 'arn'>, target: Target): ControlTarget => ({
  ...target,
  arn: arn === undefined ? '' : interpolate(arn, target),
});

/** Removes what an ARN format puts before the id; a `*` before it stands for any path. */
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
