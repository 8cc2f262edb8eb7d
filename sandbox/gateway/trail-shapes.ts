import { type Model, type Shape, shapeOf } from './models.ts';
import type { Call } from './types.ts';
import { list, type Params, parseJson, record, text } from './values.ts';

const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

// Newer operations of EC2 are recorded whole, under the request's own name and in the API's case.
const WRAPPED =
  /^(ModifyInstanceMetadata|ModifySecurityGroupRules|(Enable|Disable)(EbsEncryptionByDefault|SnapshotBlockPublicAccess|ImageBlockPublicAccess)|ModifyEbsDefaultKmsKeyId)/;

/** Converts a call's parameters to CloudTrail's `requestParameters`. */
export function requestParameters(call: Call, host: string, query: URLSearchParams): Params | null {
  if (call.service === 's3' || call.service === 's3control') return s3Request(call, host, query);
  if (call.service === 'ec2') return ec2Request(call);
  const written = record(camel(call.params, shapeOf(call.model, call.operation.input), call.model));
  return Object.keys(written).length ? written : null;
}

/** Converts a call's result to CloudTrail's `responseElements`; null if AWS records none. */
export function responseElements(call: Call, output: Params, requestId: string): Params | null {
  const shape = shapeOf(call.model, call.operation.output);
  if (call.service !== 'ec2') {
    const written = record(camel(output, shape, call.model));
    // RDS returns one resource, and CloudTrail omits the element around it.
    const [only, ...others] = Object.values(written);
    const elements = call.service === 'rds' && !others.length ? record(only) : written;
    return Object.keys(elements).length ? elements : null;
  }
  if (WRAPPED.test(call.action)) {
    return { [`${call.action}Response`]: { requestId, ...record(wire(output, shape, call.model)) } };
  }
  const { return: _, ...rest } = record(ec2(output, shape, call.model));
  return { requestId, ...(Object.keys(rest).length && !('groupId' in rest) ? rest : { _return: true, ...rest }) };
}

/** Lowers the first letter of members, keeps the keys of maps, and hides sensitive values. */
function camel(value: unknown, shape: Shape, model: Model): unknown {
  return walk(value, shape, model, (name) => lower(name), false);
}

// EC2 names members as in its requests, and wraps lists.
function ec2(value: unknown, shape: Shape, model: Model): unknown {
  return walk(value, shape, model, (name, wireName) => lower(wireName ?? name), true);
}

function wire(value: unknown, shape: Shape, model: Model): unknown {
  return walk(value, shape, model, (name, wireName) => wireName ?? name, false);
}

/** These records come from XML, where a list of one looks like a value. */
function single(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? single(value[0]) : value.map(single);
  if (typeof value !== 'object' || value === null) return value;
  return mapValues(record(value), (key, inner) => [key, single(inner)]);
}

type Name = (name: string, wireName: string | undefined) => string;

function walk(value: unknown, shape: Shape, model: Model, name: Name, wrap: boolean): unknown {
  if (shape.sensitive) return HIDDEN;
  const down = (inner: unknown, to: Shape) => walk(inner, to, model, name, wrap);
  if (shape.type === 'structure') {
    return mapValues(record(value), (member, inner) => {
      const ref = shape.members?.[member];
      return [name(member, ref?.locationName), down(inner, shapeOf(model, ref))];
    });
  }
  if (shape.type === 'list') {
    const items = list(value).map((inner) => down(inner, shapeOf(model, shape.member)));
    return wrap ? { items } : items;
  }
  return value;
}

function mapValues(from: Params, write: (key: string, value: unknown) => [string, unknown]): Params {
  const kept = Object.entries(from).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept.map(([key, value]) => write(key, value)));
}

const lower = (name: string) => `${name[0]?.toLowerCase() ?? ''}${name.slice(1)}`;

function ec2Request(call: Call): Params {
  const shape = shapeOf(call.model, call.operation.input);
  if (WRAPPED.test(call.action)) return { [`${call.action}Request`]: single(wire(call.params, shape, call.model)) };
  // The top level has the names of the API (groupId), the levels below those of the request (ipProtocol, groups).
  const top: Params = {};
  for (const [name, value] of Object.entries(call.params)) {
    top[lower(name)] = ec2(value, shapeOf(call.model, shape.members?.[name]), call.model);
  }
  const { instanceIds, resources, tags, ipPermissions, ...rest } = top;
  return {
    ...rest,
    ...(instanceIds ? { instancesSet: itemsOf(instanceIds, 'instanceId') } : {}),
    ...(resources ? { resourcesSet: itemsOf(resources, 'resourceId') } : {}),
    ...(tags ? { tagSet: tags } : {}),
    ...(ipPermissions ? { ipPermissions: withEmptyLists(ipPermissions) } : {}),
  };
}

function itemsOf(wrapped: unknown, name: string): Params {
  return { items: list(record(wrapped).items).map((item) => ({ [name]: item })) };
}

function withEmptyLists(permissions: unknown): Params {
  const none = { groups: {}, ipRanges: {}, ipv6Ranges: {}, prefixListIds: {} };
  return { items: list(record(permissions).items).map((item) => ({ ...none, ...record(item) })) };
}

function s3Request(call: Call, host: string, query: URLSearchParams): Params {
  const { Bucket, Key, AccountId, Policy } = call.params;
  const payload = shapeOf(call.model, call.operation.input).payload;
  const flags = [...query.keys()].filter((name) => name !== 'x-id' && !name.startsWith('X-Amz-'));
  return {
    ...(Bucket ? { bucketName: Bucket } : {}),
    ...(AccountId ? { accountId: AccountId } : {}),
    ...(Key ? { key: Key } : {}),
    Host: host,
    ...Object.fromEntries(flags.map((name) => [name, query.get(name) ?? ''])),
    ...(payload && typeof call.params[payload] === 'object' ? { [payload]: call.params[payload] } : {}),
    ...(text(Policy) ? { bucketPolicy: parseJson(String(Policy)) ?? Policy } : {}),
  };
}
