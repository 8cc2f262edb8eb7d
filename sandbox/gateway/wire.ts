import type { Model, Models } from './models.ts';
import type { Call, Named, Signer, WireRequest } from './types.ts';
import { parseJson, record } from './values.ts';
import { queryParams } from './wire-query.ts';
import { restCall } from './wire-rest.ts';

// SigV4 scope to botocore's names, if they differ. The first model that has the operation wins.
const BY_SCOPE: Record<string, string[]> = {
  monitoring: ['cloudwatch'],
  states: ['stepfunctions'],
  es: ['opensearch', 'es'],
  elasticloadbalancing: ['elbv2', 'elb'],
  elasticfilesystem: ['efs'],
  elasticmapreduce: ['emr'],
  apigateway: ['apigateway', 'apigatewayv2'],
  tagging: ['resourcegroupstaggingapi'],
};

/** Reads the signer of a request from its header or presigned query; `undefined` if the request has no signature. */
export function signerOf({ headers, query }: WireRequest): Signer | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential') ?? '';
  const [accessKey, , region, scope] = credential.split('/');
  return accessKey && region && scope ? { accessKey, region, scope } : undefined;
}

/** Finds the call of a signed request; `undefined` if no model has it. */
export function nameCall(request: WireRequest, signer: Signer, models: Models): Call | undefined {
  for (const service of servicesOf(request, signer)) {
    const model = models(service);
    const named = model && (rpcCall(request, model) ?? restCall(request, model));
    const operation = named && model.operations[named.action];
    if (operation) return { ...signer, ...named, service, model, operation };
  }
  return undefined;
}

function servicesOf({ path }: WireRequest, { scope }: Signer): string[] {
  if (path.startsWith('/v20180820/')) return ['s3control'];
  if (scope === 'ses') return path.startsWith('/v2/') ? ['sesv2'] : ['ses'];
  return BY_SCOPE[scope] ?? [scope];
}

function rpcCall(request: WireRequest, model: Model): Named | undefined {
  const { headers, body, path } = request;
  const target = String(headers['x-amz-target'] ?? '');
  if (target) return { action: target.split('.').at(-1) ?? '', params: record(parseJson(body)), protocol: 'json' };
  // CBOR bodies are not read: the SDK uses them for metrics only, whose parameters no test reads.
  const cbor = /^\/service\/[^/]+\/operation\/(\w+)$/.exec(path)?.[1];
  if (cbor) return { action: cbor, params: {}, protocol: 'cbor' };
  const form = formOf(request);
  const action = form?.get('Action');
  const version = form?.get('Version');
  const operation = action ? model.operations[action] : undefined;
  if (!form || !action || !operation || (version && version !== model.version)) return undefined;
  return {
    action,
    params: queryParams(form, model, operation),
    protocol: model.protocol === 'ec2' ? 'ec2' : 'query',
  };
}

function formOf({ headers, body, query }: WireRequest): URLSearchParams | undefined {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return new URLSearchParams(body.toString());
  }
  return query.has('Action') ? query : undefined;
}
