import type { FindReferencing, Json, Located, TemplateResources } from '../../lib/model/index.ts';
import { mentions, properties, referredTo } from '../template-reference.ts';
import type { BucketPolicy } from './bucket-policy.ts';

/** Finds a bucket's policy in a template. References to the bucket itself become text in the syntax of `Fn::Sub`. */
export function locateBucketPolicy(
  logicalId: string,
  resources: TemplateResources,
  referencing: FindReferencing,
): Located<BucketPolicy> {
  const policies = referencing('AWS::S3::BucketPolicy', ['Bucket']).filter(([, { Properties }]) =>
    isOf(Properties?.Bucket, logicalId, resources),
  );
  if (policies.length > 1)
    throw new Error(`${logicalId} has ${policies.length} bucket policies, but only one is allowed`);
  const [at, policy] = policies[0] ?? [];
  const PolicyDocument = policy?.Properties?.PolicyDocument;
  const name = asText(resources[logicalId]?.Properties?.BucketName ?? null);
  const spellings = new Spellings(logicalId, name);
  return {
    state: {
      Arn: spellings.arn,
      ...(PolicyDocument !== undefined && { PolicyDocument: overResources(PolicyDocument, spellings.asText) }),
    },
    at,
    restore: (state) =>
      state.PolicyDocument === undefined
        ? state
        : { ...state, PolicyDocument: overResources(state.PolicyDocument, spellings.asWritten) },
  };
}

function isOf(bucket: Json | undefined, logicalId: string, resources: TemplateResources): boolean {
  const id = referredTo(bucket);
  if (id === logicalId) return true;
  if (id !== undefined && id in resources) return false;
  const name = resources[logicalId]?.Properties?.BucketName;
  // CloudFormation generates the name of a bucket without BucketName, so only a reference can name the bucket.
  if (name === undefined && !mentions(bucket, logicalId)) return false;
  if (JSON.stringify(bucket) === JSON.stringify(name)) return true;
  if (isPlain(bucket) && isPlain(name)) return false;
  if (areNeverEqual(asText(bucket ?? null), asText(name ?? null))) return false;
  throw new Error(`A bucket policy may belong to ${logicalId}, depending on a deploy-time value`);
}

/** Whether a value is a string without dynamic references. */
const isPlain = (value: Json | undefined) => typeof value === 'string' && !value.includes('{{resolve:');

const PLACE = /\$\{([^}]*)/g;

const BY_NAME = /^arn:(?:[^:${}]+|\$\{AWS::Partition\}):s3:::([^/]+)(.*)$/;

/** Strings with the same references are never equal if their other characters differ in number. */
function areNeverEqual(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const references = (text: string) => [...text.matchAll(PLACE)].map(([place]) => place).sort();
  return references(one).join() === references(other).join() && one.length !== other.length;
}

/** The ways in which a template spells the ARNs of one bucket. */
class Spellings {
  readonly arn: string;
  readonly #names: ReadonlySet<string>;
  readonly #written: Map<string, Json>;
  readonly #name: string | undefined;

  constructor(logicalId: string, name: string | undefined) {
    this.#name = name;
    const own = { 'Fn::GetAtt': [logicalId, 'Arn'] };
    this.arn = `\${${logicalId}.Arn}`;
    this.#names = new Set([logicalId, `${logicalId}.Arn`, 'AWS::Partition', 'AWS::Region', 'AWS::AccountId']);
    this.#written = new Map<string, Json>([
      [this.arn, own],
      [`${this.arn}/*`, { 'Fn::Join': ['', [own, '/*']] }],
    ]);
  }

  /** Converts a reference to the bucket to text and keeps other values. */
  readonly asText = (value: Json): Json => {
    const text = typeof value === 'string' ? undefined : asText(value);
    const own = text === undefined ? undefined : this.#byName(text);
    if (own === undefined || !(this.#written.has(own) || this.#isKnown(own))) return value;
    this.#written.set(own, value);
    return own;
  };

  /** An ARN with the same expression as BucketName refers to the bucket, whatever its value is. */
  #byName(text: string): string {
    if (!this.#name?.includes('${')) return text;
    const [, name = '', rest = ''] = BY_NAME.exec(text) ?? [];
    return name === this.#name ? this.arn + rest : text;
  }

  /** Whether a text refers only to the bucket and to its partition, region and account. */
  #isKnown(text: string): boolean {
    return [...text.matchAll(PLACE)].every(([, name = '']) => this.#names.has(name));
  }

  /** Converts text back to the template's own spelling. */
  readonly asWritten = (value: Json): Json => (typeof value === 'string' ? (this.#written.get(value) ?? value) : value);
}

function overResources(document: Json, change: (resource: Json) => Json): Json {
  const known = properties(document);
  if (known?.Statement === undefined) return document;
  return { ...known, Statement: over(known.Statement, (statement) => overResource(statement, change)) };
}

function overResource(statement: Json, change: (resource: Json) => Json): Json {
  const known = properties(statement);
  return known?.Resource === undefined ? statement : { ...known, Resource: over(known.Resource, change) };
}

const over = (value: Json, change: (item: Json) => Json): Json =>
  Array.isArray(value) ? value.map(change) : change(value);

function asText(value: Json): string | undefined {
  if (typeof value === 'string') return isPlain(value) ? value : undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [name = '', ...others] = Object.keys(value);
  if (others.length > 0) return undefined;
  const argument = (value as { readonly [name: string]: Json | undefined })[name]; // not a list, see above
  if (name === 'Ref' && typeof argument === 'string') return `\${${argument}}`;
  if (name === 'Fn::Sub' && typeof argument === 'string') return argument;
  if (name === 'Fn::GetAtt') return attribute(argument);
  return name === 'Fn::Join' ? joined(argument) : undefined;
}

function attribute(argument: Json | undefined): string | undefined {
  const path = Array.isArray(argument) ? argument.join('.') : argument;
  return typeof path === 'string' ? `\${${path}}` : undefined;
}

function joined(argument: Json | undefined): string | undefined {
  if (!Array.isArray(argument)) return undefined;
  const [separator, parts] = argument;
  if (typeof separator !== 'string' || !Array.isArray(parts)) return undefined;
  const texts = parts.map(asText);
  return texts.includes(undefined) ? undefined : texts.join(separator);
}
