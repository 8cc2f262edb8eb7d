import type { BacklogEvent } from '../../lib/events/events.ts';
import { ownerOf } from '../decision/ownership.ts';
import { severityOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import { backlogItemsIn } from '../store/backlog-items.ts';
import { pendingBacklogs, type StoredRollout } from '../store/rollouts.ts';

const SHOWN = 20;

/** Tells people of every batch that waits, each in one message however large it is; answers how many there were. */
export async function announceBacklogs(): Promise<number> {
  let told = 0;
  for (const rollout of await pendingBacklogs(settings)) {
    const notification = await backlogEventOf(rollout);
    if (notification.count === 0) continue; // the sweep could not look everywhere, and found nothing where it could
    await publish('Evenkeel Backlog', notification);
    told++;
  }
  return told;
}

async function backlogEventOf({ control, account, since, reason }: StoredRollout): Promise<BacklogEvent> {
  const listed = await backlogItemsIn(control, account);
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
    options: {
      show: `Each resource with its exact change. Run: evenkeel batch show ${control} ${account}`,
      release: `Each is repaired as the control's mode says. Run: evenkeel batch release ${control} ${account} --reason "..."`,
      silence: 'Nothing of it is repaired, and you are told every day.',
    },
  };
}
