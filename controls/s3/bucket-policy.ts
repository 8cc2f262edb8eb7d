import type { Json, Located, TemplateResources } from '../../lib/control.ts';
import { referredTo } from '../reference.ts';

/** A bucket by its ARN, which its policy must name, and that policy if it has one. */
export type BucketPolicy = { readonly Arn?: Json; readonly PolicyDocument?: Json };

/** Finds the policy that a template gives to a bucket. */
export function locateBucketPolicy(logicalId: string, resources: TemplateResources): Located<BucketPolicy> {
  const policies = Object.entries(resources).filter(
    ([, resource]) =>
      resource.Type === 'AWS::S3::BucketPolicy' && isOf(resource.Properties?.Bucket, logicalId, resources),
  );
  if (policies.length > 1) throw new Error(`${logicalId} has ${policies.length} policies; a bucket can have one.`);
  const Arn = { 'Fn::GetAtt': [logicalId, 'Arn'] };
  const [at, policy] = policies[0] ?? [];
  const PolicyDocument = policy?.Properties?.PolicyDocument;
  return { state: { Arn, ...(PolicyDocument !== undefined && { PolicyDocument }) }, at };
}

function isOf(bucket: Json | undefined, logicalId: string, resources: TemplateResources): boolean {
  const id = referredTo(bucket);
  if (id === logicalId) return true;
  if (id !== undefined && id in resources) return false;
  const name = resources[logicalId]?.Properties?.BucketName;
  // CloudFormation makes up the name, so that nothing but a reference can name the bucket.
  if (name === undefined) return false;
  if (JSON.stringify(bucket) === JSON.stringify(name)) return true;
  if (typeof bucket === 'string' && typeof name === 'string') return false;
  throw new Error(`Whether a bucket policy belongs to ${logicalId} is known only at deployment.`);
}

/** The document in the text that S3 keeps; throws where it is no JSON object, since nothing could be added to it safely. */
export function parsePolicy(text: string, bucket: string): Json {
  try {
    const document: Json = JSON.parse(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(
    `The policy of bucket ${bucket} is not a JSON object: read it with get-bucket-policy and mend it by hand.`,
  );
}

const LIMIT = 20 * 1024;

/** The document as text; throws above S3's limit for a policy. */
export function policyText(document: Json, bucket: string): string {
  const text = JSON.stringify(document);
  const size = Buffer.byteLength(text);
  if (size <= LIMIT) return text;
  throw new Error(
    `The policy of bucket ${bucket} would have ${size} bytes, and S3 allows ${LIMIT}: shorten it, or deny plain HTTP by hand.`,
  );
}
