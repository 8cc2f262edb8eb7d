import type { Json } from '../../lib/model/index.ts';

/** A bucket by its ARN, which its policy must name, and that policy if it has one. */
export type BucketPolicy = { readonly Arn?: string; readonly PolicyDocument?: Json };

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
