import type { Json } from '../../lib/model/index.ts';
import { properties } from '../template-reference.ts';
import type { BucketPolicy } from './bucket-policy.ts';

type Statement = { readonly [element: string]: Json | undefined };

const SID = 'DenyInsecureTransport';

/** Whether the policy denies all principals all requests over plain HTTP to the bucket and to all its objects. */
export function deniesPlainHttp({ PolicyDocument }: BucketPolicy): boolean {
  const denied = statementsOf(PolicyDocument)
    .map(properties)
    .filter((statement) => statement !== undefined)
    .filter((statement) => isTlsDenial(statement) && appliesToEveryone(statement) && appliesToEveryAction(statement))
    .flatMap(({ Resource }) => list(Resource))
    .map(reach);
  return denied.some(({ bucket }) => bucket) && denied.some(({ objects }) => objects);
}

/** Adds a statement that denies plain HTTP, or completes the statement that Evenkeel added earlier. */
export function withTlsStatement(state: BucketPolicy): BucketPolicy {
  const document = state.PolicyDocument === undefined ? { Version: '2012-10-17' } : properties(state.PolicyDocument);
  if (!document) throw new Error('The bucket policy is a deploy-time value.');
  const statements = statementsOf(state.PolicyDocument);
  const complete = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: resourcesOf(state) };
  const existing = statements.findIndex(isEvenkeels);
  const Statement =
    existing < 0
      ? [
          ...statements,
          { Sid: freeSid(statements), ...complete, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        ]
      : statements.map((statement, index) =>
          index === existing ? { ...properties(statement), ...complete } : statement,
        );
  return { ...state, PolicyDocument: { ...document, Statement } };
}

// S3 rejects a policy that names another bucket, so every ARN without a slash is this bucket or a pattern that matches it.
// In a template the ARN may be `${Bucket.Arn}`.
const BUCKET = /^(arn:([^:${}]+|\$\{AWS::Partition\}):s3:::[^/]+|\$\{\w+\.Arn\}\*?)$/;

function reach(resource: Json): { bucket: boolean; objects: boolean } {
  if (typeof resource !== 'string') return { bucket: false, objects: false };
  if (resource === '*') return { bucket: true, objects: true };
  const bucket = BUCKET.test(resource);
  return {
    bucket,
    objects: bucket ? resource.endsWith('*') : /\/\*$/.test(resource) && BUCKET.test(resource.slice(0, -2)),
  };
}

function isTlsDenial({ Effect, Condition }: Statement): boolean {
  if (Effect !== 'Deny') return false;
  const operators = Object.entries(properties(Condition) ?? {});
  const [[operator, keys] = [], ...more] = operators;
  if (more.length > 0 || (operator !== 'Bool' && operator !== 'BoolIfExists')) return false;
  // Any other key would allow some plain HTTP requests.
  const [[key, values] = [], ...others] = Object.entries(properties(keys) ?? {});
  if (key?.toLowerCase() !== 'aws:securetransport' || others.length > 0) return false;
  return list(values).some((value) => String(value).toLowerCase() === 'false');
}

function appliesToEveryone({ Principal }: Statement): boolean {
  return Principal === '*' || list(properties(Principal)?.AWS).includes('*');
}

function appliesToEveryAction({ Action }: Statement): boolean {
  return list(Action).some((action) => action === '*' || String(action).toLowerCase() === 's3:*');
}

// The completed statement denies everything that this statement denies.
function isEvenkeels(value: Json): boolean {
  const statement = properties(value);
  if (statement?.Sid !== SID || !isTlsDenial(statement)) return false;
  return !('NotPrincipal' in statement || 'NotAction' in statement || 'NotResource' in statement);
}

function freeSid(statements: readonly Json[]): string {
  const taken = statements.map((statement) => properties(statement)?.Sid);
  let sid = SID;
  for (let count = 2; taken.includes(sid); count++) sid = `${SID}${count}`;
  return sid;
}

function resourcesOf({ Arn }: BucketPolicy): Json[] {
  if (Arn === undefined) throw new Error('The ARN of the bucket is unknown, and its policy must name it.');
  return [Arn, `${Arn}/*`];
}

const statementsOf = (document: Json | undefined) => list(properties(document)?.Statement);

function list(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as Json]; // Array.isArray does not narrow readonly arrays away
}
