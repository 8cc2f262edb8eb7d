import { canonical } from '../../model/canonical.ts';
import type { Records } from './read-executions.ts';

/** What is wrong with the records of an execution among themselves; nothing where each follows from the one before it. */
export function chainFaults(records: Records): string[] {
  return records.flatMap(({ key, bytes, record }, index) => {
    const before = records[index - 1];
    const faults: string[] = [];
    if (record.n !== index + 1)
      faults.push(`${key} is record ${record.n}, where record ${index + 1} should be: one is missing or there twice.`);
    if (record.previous !== (before?.sha256 ?? null))
      faults.push(`${key} follows another record than ${before ? before.key : 'none'}: one of them was altered.`);
    if (before?.record.outcome) faults.push(`${key} comes after the record that closed the execution.`);
    if (new TextDecoder().decode(bytes) !== canonical(record)) faults.push(`${key} is not written as Evenkeel writes.`);
    return faults;
  });
}
