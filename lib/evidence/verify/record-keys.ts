const RECORD = /^evidence\/\d{4}\/\d{2}\/\d{2}\/\d{12}\/([\w-]+)\/([1-9]\d{0,8})-[a-z]+\.json$/;
const DIGEST = /^digests\/(\d{10})\.json$/;

/** Which record of which execution a key names; undefined for what is no key of a record. */
export function recordOf(key: string): { readonly execution: string; readonly n: number } | undefined {
  const [, execution, n] = RECORD.exec(key) ?? [];
  return execution === undefined ? undefined : { execution, n: Number(n) };
}

/** Where the vault keeps what was recorded on a day. */
export const dayPrefix = (day: string): string => `evidence/${day.replaceAll('-', '/')}/`;

/** The day on which a record was made, by its key. */
export const dayIn = (key: string): string =>
  key.slice('evidence/'.length, 'evidence/yyyy/mm/dd'.length).replaceAll('/', '-');

/** The number of the digest that a key names; undefined for what is no key of a digest. */
export function sequenceOf(key: string): number | undefined {
  const [, digits] = DIGEST.exec(key) ?? [];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/** Orders texts as S3 lists keys; ours are ASCII. */
export const compareKeys = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
