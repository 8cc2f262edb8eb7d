const RECORD = /^evidence\/\d{4}\/\d{2}\/\d{2}\/\d{12}\/([\w-]+)\/([1-9]\d{0,8})-[a-z]+\.json$/;
const DIGEST = /^digests\/(\d{10})\.json$/;

/** The execution and number of the record under a key. */
export interface RecordPlace {
  readonly execution: string;
  readonly n: number;
}

/** The execution and number of the record under a key; undefined if the key is not a record's. */
export function recordOf(key: string): RecordPlace | undefined {
  const [, execution, n] = RECORD.exec(key) ?? [];
  return execution === undefined ? undefined : { execution, n: Number(n) };
}

/** The prefix under which the vault stores the records of a day. */
export const dayPrefix = (day: string): string => `evidence/${day.replaceAll('-', '/')}/`;

/** The day of a record, from its key. */
export const dayIn = (key: string): string =>
  key.slice('evidence/'.length, 'evidence/yyyy/mm/dd'.length).replaceAll('/', '-');

/** The number of the digest under a key; undefined if the key is not a digest's. */
export function sequenceOf(key: string): number | undefined {
  const [, digits] = DIGEST.exec(key) ?? [];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}

/** Compares keys in the order in which S3 lists them; all keys are ASCII. */
export const compareKeys = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
