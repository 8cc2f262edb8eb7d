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

const body = z.strictObject({
  reason: callerReason,
  list: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the list, as `backlog show` prints it'),
});

/** How many executions start at the same time, and for how long: API Gateway waits for 30 seconds. */
const AT_ONCE = 20;
const PATIENCE_MS = 20_000;

/** Parses a request to release a backlog: exactly the list that the operator reviewed. */
export async function parseBacklogRelease(request: Request): Promise<ParsedCommand> {
  const { list } = bodyOf(request, body);
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

/** The next sweep starts the executions that do not start in time, because the backlog is released. */
async function startAll(listed: readonly BacklogItem[], command: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (let from = 0; from < listed.length && Date.now() < until; from += AT_ONCE)
    await Promise.all(listed.slice(from, from + AT_ONCE).map((one) => start(one, command)));
}

async function start(one: BacklogItem, command: string): Promise<void> {
  const { account, region, id: resource } = one.target;
  const trigger: Trigger = { source: 'command', event: command, account, region, control: one.control, resource };
  await startRemediation(stableId(command, one.control, account, region, resource), trigger);
  await transactOrThrow([removeFromBacklog(one)]);
}
