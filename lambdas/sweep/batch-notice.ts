import type { BatchNotice } from '../../lib/outcome.ts';
import { publish } from '../shared/bus.ts';
import { severityOf } from '../shared/catalogue.ts';
import { settings } from '../shared/environment.ts';
import { listedIn } from '../shared/listed.ts';
import { type StoredRegime, waitingBatches } from '../shared/regimes.ts';
import { ownerOf } from '../shared/standing.ts';

const SHOWN = 20;

/** Tells people of every batch that waits, each in one message however large it is; answers how many there were. */
export async function tellOfBatches(): Promise<number> {
  let told = 0;
  for (const regime of await waitingBatches(settings)) {
    const notice = await noticeOf(regime);
    if (notice.count === 0) continue; // the sweep could not look everywhere, and found nothing where it could
    await publish('Evenkeel Batch', notice);
    told++;
  }
  return told;
}

async function noticeOf({ control, account, since, reason }: StoredRegime): Promise<BatchNotice> {
  const listed = await listedIn(control, account);
  return {
    version: '1',
    control,
    severity: severityOf(control),
    account,
    owner: ownerOf(account, settings),
    since,
    reason,
    count: listed.length,
    resources: listed.slice(0, SHOWN).map(({ execution, target: { region, id }, violation }) => ({
      execution,
      region,
      id,
      violation,
    })),
    ways: {
      show: `Each resource with its exact change. Run: evenkeel batch show ${control} ${account}`,
      release: `Each is repaired as the control's mode says. Run: evenkeel batch release ${control} ${account} --reason "..."`,
      silence: 'Nothing of it is repaired, and you are told every day.',
    },
  };
}
