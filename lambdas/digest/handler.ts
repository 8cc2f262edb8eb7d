import { gauge, logger, step } from '../runtime/step.ts';
import { digestVault } from './digest-vault.ts';
import { digestAll, type Summary } from './digester.ts';
import { signer } from './signer.ts';
import { digestTable } from './undigested.ts';

/** Some three megabytes a file, and well before the function's own time is over. */
const RECORDS = 10_000;
const MILLISECONDS = 10 * 60 * 1000;

/** Puts what was recorded since the last digest into a signed one, and says so when nothing was. */
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
