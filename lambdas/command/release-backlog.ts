import { z } from 'zod';
import { backlogOf, listHash } from '../decision/backlog-view.ts';
import { stableId } from '../events/stable-id.ts';
import type { Trigger } from '../events/trigger.ts';
import { bodyOf, callerReason, HttpError, type Request } from '../runtime/api-handler.ts';
import { settings } from '../runtime/environment.ts';
import { startRemediation } from '../runtime/start-machine.ts';
import { type BacklogItem, removeFromBacklog } from '../store/backlog-items.ts';
import { releaseRollout } from '../store/rollouts.ts';
import { transactOrThrow } from '../store/table.ts';
import type { ParsedCommand } from './command.ts';

const asked = z.strictObject({
  reason: callerReason,
  list: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the list, as `backlog show` prints it'),
});

/** What is started at once, and for how long: API Gateway waits no longer than half a minute. */
const AT_ONCE = 20;
const PATIENCE_MS = 20_000;

/** Understands the wish to release a batch: exactly the list that the person has seen, and nothing that came to it since. */
export async function parseBacklogRelease(request: Request): Promise<ParsedCommand> {
  const { list } = bodyOf(request, asked);
  const { rollout, listed } = await backlogOf(request);
  if (list !== listHash(rollout, listed)) throw new HttpError(409, { code: 'backlog-changed' });
  const { control, account } = rollout;
  const { region, partition } = settings.hub;
  return {
    kind: 'release-backlog',
    about: { control, target: { account, region, partition, id: '*' } },
    resources: listed.length,
    changes: ({ by, now, reason }) => [releaseRollout(rollout, { by, at: now.toISOString(), reason })],
    after: ({ command }) => startAll(listed, command),
    conflict: { code: 'backlog-changed-meanwhile' },
  };
}

/** What it does not come to in time, the next sweep does: the batch is released. */
async function startAll(listed: readonly BacklogItem[], order: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (let from = 0; from < listed.length && Date.now() < until; from += AT_ONCE)
    await Promise.all(listed.slice(from, from + AT_ONCE).map((one) => start(one, order)));
}

async function start(one: BacklogItem, order: string): Promise<void> {
  const { account, region, id: resource } = one.target;
  const trigger: Trigger = { source: 'command', event: order, account, region, control: one.control, resource };
  await startRemediation(stableId(order, one.control, account, region, resource), trigger);
  await transactOrThrow([removeFromBacklog(one)]);
}
