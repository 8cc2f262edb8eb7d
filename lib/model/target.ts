import { urlSuffixOf } from './aws.ts';

/** A governed resource by its id in the service's API; the id of an account setting is the account id. */
export interface Target {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly id: string;
}

/** One account in one region. */
export type Place = Omit<Target, 'id'>;

/**
 * Replaces `{partition}`, `{region}`, `{account}` and `{id}` in a resource type's `arn` or `physicalId`, and `{urlSuffix}` with the
 * domain of the partition's endpoints.
 *
 * @example
 * ```ts
 * interpolate('arn:{partition}:s3:::{id}', target); // 'arn:aws:s3:::invoices'
 * ```
 */
export const interpolate = (pattern: string, target: Target): string =>
  pattern.replace(/\{(partition|region|account|id|urlSuffix)\}/g, (_, part: keyof Target | 'urlSuffix') =>
    part === 'urlSuffix' ? urlSuffixOf(target.partition) : target[part],
  );
