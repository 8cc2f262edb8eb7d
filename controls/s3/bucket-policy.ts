import type { Json } from '../../lib/model/index.ts';

/** A bucket's ARN, which the policy must name, and its policy if it has one. */
export type BucketPolicy = { readonly Arn?: string; readonly PolicyDocument?: Json };

/**
 * Parses a bucket policy.
 *
 * @throws Error if it is not a JSON object: a statement cannot be added to it safely
 */
export function parsePolicy(text: string, bucket: string): Json {
  try {
    const document: Json = JSON.parse(text);
    if (typeof document === 'object' && document !== null && !Array.isArray(document)) return document;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Error(
    `The policy of bucket ${bucket} is not a JSON object: read it with get-bucket-policy and correct it manually.`,
  );
}

const MAX_BYTES = 20 * 1024;

/**
 * Serializes a bucket policy.
 *
 * @throws Error above S3's size limit
 */
export function policyText(document: Json, bucket: string): string {
  const text = JSON.stringify(document);
  const size = Buffer.byteLength(text);
  if (size <= MAX_BYTES) return text;
  throw new Error(
    `The policy of bucket ${bucket} would have ${size} bytes, but S3 allows ${MAX_BYTES}. Shorten the policy, or deny plain HTTP manually.`,
  );
}
