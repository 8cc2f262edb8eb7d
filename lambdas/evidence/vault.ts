import { S3 } from '@aws-sdk/client-s3';
import type { Decision, EvidenceRecord, SealedRecord } from '../../lib/evidence/record.ts';
import { canonical, sha256 } from '../../lib/model/canonical.ts';
import type { Patch } from '../../lib/model/patch.ts';
import { type Reason, reasonText } from '../../lib/text/reasons.ts';
import { variable } from '../runtime/environment.ts';
import type { Execution } from '../store/execution.ts';

const s3 = new S3({});
const object = (key: string) => ({ Bucket: variable('EVENKEEL_VAULT'), Key: key });
/** Encodes a hash as S3 does. */
export const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');

/** A record is missing, altered or not the registered one. Nothing may be repaired based on it. */
export class EvidenceConflict extends Error {
  override readonly name = 'EvidenceConflict';
  readonly because: Reason;
  constructor(because: Reason) {
    super(reasonText(because));
    this.because = because;
  }
}

/** Writes a record once. An object under its key counts as written only if it is this record. */
export async function write({ key, body, sha256: hash }: SealedRecord): Promise<void> {
  try {
    await s3.putObject({
      ...object(key),
      Body: body,
      ContentType: 'application/json',
      ChecksumSHA256: base64(hash),
      IfNoneMatch: '*',
    });
  } catch (error) {
    if (!lostRace(error)) throw error;
    const stored = await storedHash(key);
    if (stored === undefined) throw error; // the other writer has not finished; a retry decides
    if (stored !== base64(hash)) throw replaced(key);
  }
}

/** Whether another writer wrote the object first, or is about to. */
export const lostRace = (error: unknown): boolean =>
  error instanceof Error && ['PreconditionFailed', 'ConditionalRequestConflict'].includes(error.name);

async function storedHash(key: string): Promise<string | undefined> {
  try {
    return (await s3.headObject({ ...object(key), ChecksumMode: 'ENABLED' })).ChecksumSHA256;
  } catch (error) {
    if (error instanceof Error && ['NotFound', 'NoSuchKey'].includes(error.name)) return undefined;
    throw error;
  }
}

/** Writes the last registered record if the vault does not hold it, for example after a crash between table and vault. */
export async function ensureWritten(execution: Execution): Promise<SealedRecord | undefined> {
  const { records, body } = execution.evidence;
  const last = records.at(-1);
  if (!last || body === undefined) return undefined;
  const { key } = last;
  const hash = sha256(body);
  if (hash !== last.sha256) throw new EvidenceConflict({ code: 'record-altered', key });
  const record = { key, body, sha256: hash, at: last.at };
  if ((await storedHash(key)) !== base64(hash)) await write(record);
  return record;
}

/** The plan of an execution, and the SHA-256 of its record. Decisions name the plan by it. */
export interface Plan {
  readonly record: EvidenceRecord;
  readonly sha256: string;
}

/** Reads the plan of an execution from the vault. A change to the table's copy has no effect. */
export async function plannedRecord(execution: Execution): Promise<Plan> {
  const last = await ensureWritten(execution);
  const record = last && isPlan(last) ? last : await readRecord(execution.evidence.records.findLast(isPlan));
  if (!record) throw new Error(`Execution ${execution.execution} has no plan. Nothing was changed.`);
  return { record: ownRecord(record, execution), sha256: record.sha256 };
}

/** The violation and the patch of the plan, for notifications; empty if there is no plan, or it is not trusted. */
export async function plannedChange(execution: Execution): Promise<{ violation?: string; patch?: Patch }> {
  if (!execution.evidence.records.some(isPlan)) return {};
  try {
    const { verdict, patch } = (await plannedRecord(execution)).record;
    return { ...(typeof verdict === 'object' && verdict), patch };
  } catch (error) {
    if (error instanceof EvidenceConflict) return {};
    throw error;
  }
}

/**
 * Reads the record of a repair from the vault.
 * @throws EvidenceConflict if it is not the registered record.
 */
export async function repairRecord(
  execution: Execution,
): Promise<EvidenceRecord & Required<Pick<EvidenceRecord, 'before' | 'after'>>> {
  const entry = execution.evidence.records.findLast(({ key }) => key.endsWith('-repair.json'));
  const found = await readRecord(entry).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  });
  if (!entry || !found) throw new EvidenceConflict({ code: 'repair-record-missing', execution: execution.execution });
  const { before, after, ...record } = ownRecord(found, execution);
  if (!before || !after) throw new EvidenceConflict({ code: 'repair-record-incomplete', key: entry.key });
  return { ...record, before, after };
}

/** Reads the decisions on an execution's plans from the vault. Only the API function, which knows its callers, makes decisions. */
export async function decisionsOn(execution: Execution): Promise<readonly Decision[]> {
  await ensureWritten(execution);
  const found = await Promise.all(
    execution.evidence.records.filter(({ key }) => key.endsWith('-decision.json')).map(readRecord),
  );
  return found.flatMap((record) => (record && ownRecord(record, execution).decision) ?? []);
}

const isPlan = ({ key }: { readonly key: string }) => key.endsWith('-plan.json');

/** Rejects a record of another execution, which an altered table item could name. */
function ownRecord({ key, body }: Pick<SealedRecord, 'key' | 'body'>, execution: Execution): EvidenceRecord {
  const record = JSON.parse(body) as EvidenceRecord; // the vault's bytes, which only Evenkeel writes
  const same = (['execution', 'control', 'target'] as const).every(
    (field) => canonical([record[field]]) === canonical([execution[field]]),
  );
  if (!same) throw new EvidenceConflict({ code: 'record-misplaced', key, execution: execution.execution });
  return record;
}

/**
 * Reads a record from the vault.
 * @throws EvidenceConflict if it is not the registered record.
 */
async function readRecord(
  entry: Execution['evidence']['records'][number] | undefined,
): Promise<Pick<SealedRecord, 'key' | 'body' | 'sha256'> | undefined> {
  if (!entry) return undefined;
  const { key } = entry;
  const { Body } = await s3.getObject(object(key));
  const body = (await Body?.transformToString()) ?? '';
  const hash = sha256(body);
  if (hash !== entry.sha256) throw replaced(key);
  return { key, body, sha256: hash };
}

const replaced = (key: string) => new EvidenceConflict({ code: 'record-replaced', key });
