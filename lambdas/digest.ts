import { digestVault } from './digest/digest-vault.ts';
import { digestAll, type Summary } from './digest/digester.ts';
import { signer } from './digest/signer.ts';
import { register } from './digest/undigested.ts';
import { logger, step, tally } from './shared/step.ts';

/** Some three megabytes a file, and well before the function's own time is over. */
const RECORDS = 10_000;
const MILLISECONDS = 10 * 60 * 1000;

/** Puts what was recorded since the last digest into a signed one, and says so when nothing was. */
async function digest(): Promise<Summary> {
  const world = { register, vault: digestVault, signer, now: Date.now };
  try {
    const summary = await digestAll(world, { records: RECORDS, until: Date.now() + MILLISECONDS });
    logger.info('digested', { ...summary });
    tally('digests', summary.digests);
    tally('evidenceFaults', summary.faults);
    return summary;
  } catch (error) {
    if (error instanceof Error && error.name === 'DigestConflict') tally('evidenceFaults', 1);
    throw error;
  }
}

/** Lambda's entry. */
export const handler = step('digest', digest);
