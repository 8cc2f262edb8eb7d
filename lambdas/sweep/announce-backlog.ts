import type { BacklogEvent } from '../../lib/events/events.ts';
import { ownerOf } from '../../lib/governance/effective-mode.ts';
import { backlogOptions } from '../../lib/text/backlog-text.ts';
import { severityOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import { backlogItemsIn } from '../store/backlog-items.ts';
import { pendingBacklogs, type StoredRollout } from '../store/rollouts.ts';

const SHOWN = 20;

/** Publishes one event for each waiting backlog, and returns their number. */
export async function announceBacklogs(): Promise<number> {
  let announced = 0;
  for (const rollout of await pendingBacklogs(settings)) {
    const event = await backlogEventOf(rollout);
    if (event.count === 0) continue; // the scan was incomplete, and found no violation where it succeeded
    await publish('Evenkeel Backlog', event);
    announced++;
  }
  return announced;
}

async function backlogEventOf({ control, account, since, because, reason }: StoredRollout): Promise<BacklogEvent> {
  const listed = await backlogItemsIn(control, account);
  return {
    version: '1',
    control,
    severity: severityOf(control),
    account,
    owner: ownerOf(account, settings),
    since,
    because,
    reason,
    count: listed.length,
    resources: listed.slice(0, SHOWN).map(({ execution, target: { region, id }, violation }) => ({
      execution,
      region,
      id,
      violation,
    })),
    options: backlogOptions(control, account),
  };
}
