import { z } from 'zod';
import { batchOf, listHash } from '../shared/batch.ts';
import { bodyOf, Refusal, type Request, reasonGiven } from '../shared/door.ts';
import { settings } from '../shared/environment.ts';
import type { Hint } from '../shared/hint.ts';
import { stableId } from '../shared/identity.ts';
import { type Listed, unlist } from '../shared/listed.ts';
import { startRemediation } from '../shared/machine.ts';
import { releaseRegime } from '../shared/regimes.ts';
import { transactOrThrow } from '../shared/table.ts';
import type { Wish } from './wish.ts';

const asked = z.strictObject({
  reason: reasonGiven,
  list: z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the list, as the batch shows it'),
});

/** What is started at once, and for how long: API Gateway waits no longer than half a minute. */
const AT_ONCE = 20;
const PATIENCE_MS = 20_000;

/** Understands the wish to release a batch: exactly the list that the person has seen, and nothing that came to it since. */
export async function wishBatchRelease(request: Request): Promise<Wish> {
  const { list } = bodyOf(request, asked);
  const { regime, listed } = await batchOf(request);
  if (list !== listHash(regime, listed))
    throw new Refusal(409, 'The batch has changed since you saw it; look at it again and release that.');
  const { control, account } = regime;
  const { region, partition } = settings.hub;
  return {
    kind: 'release batch',
    about: { control, target: { account, region, partition, id: '*' } },
    resources: listed.length,
    changes: ({ by, now, reason }) => [releaseRegime(regime, { by, at: now.toISOString(), reason })],
    afterwards: ({ order }) => startAll(listed, order),
    cannot: 'Somebody else released the batch, or a sweep changed it, at the same moment; look at it again.',
  };
}

/** What it does not come to in time, the next sweep does: the batch is released. */
async function startAll(listed: readonly Listed[], order: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (let from = 0; from < listed.length && Date.now() < until; from += AT_ONCE)
    await Promise.all(listed.slice(from, from + AT_ONCE).map((one) => start(one, order)));
}

async function start(one: Listed, order: string): Promise<void> {
  const { account, region, id: resource } = one.target;
  const hint: Hint = { source: 'command', event: order, account, region, control: one.control, resource };
  await startRemediation(stableId(order, one.control, account, region, resource), hint);
  await transactOrThrow([unlist(one)]);
}
