import { gauge, logger, step } from '../runtime/step.ts';
import { digestVault } from './digest-vault.ts';
import { digestAll, type Summary } from './digester.ts';
import { signer } from './signer.ts';
import { digestTable } from './undigested.ts';

/** About three megabytes a file, and well before the time-out of the function. */
const RECORDS = 10_000;
const MILLISECONDS = 10 * 60 * 1000;

/** Writes signed digests of the records since the last one, also if there are none. */
async function digest(): Promise<Summary> {
  const ports = { table: digestTable, vault: digestVault, signer, now: Date.now };
  try {
    const summary = await digestAll(ports, { records: RECORDS, until: Date.now() + MILLISECONDS });
    logger.info('digested', { ...summary });
    gauge('digests', summary.digests);
    gauge('evidenceFaults', summary.faults);
    return summary;
  } catch (error) {
    if (error instanceof Error && error.name === 'DigestConflict') gauge('evidenceFaults', 1);
    throw error;
  }
}

/** Lambda's entry. */
export const handler = step('digest', digest);
