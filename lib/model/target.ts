/** One governed resource, by the id that its service's API takes; for an account setting the id is the account's number. */
export interface Target {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  readonly id: string;
}

/** One account in one region. */
export type Place = Omit<Target, 'id'>;

/**
 * Fills a target into `{partition}`, `{region}`, `{account}` and `{id}` of a resource type's `arn` or `physicalId`.
 *
 * @example
 * ```ts
 * interpolate('arn:{partition}:s3:::{id}', target); // 'arn:aws:s3:::invoices'
 * ```
 */
export const interpolate = (pattern: string, target: Target): string =>
  pattern.replace(/\{(partition|region|account|id)\}/g, (_, part: keyof Target) => target[part]);
