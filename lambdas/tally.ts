import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { tripped } from '../lib/breaker.ts';
import { type Counted, countEnds, getBreaker, openBreaker, tallyOf } from './shared/breaker.ts';
import { publish } from './shared/bus.ts';
import { settings } from './shared/environment.ts';
import { type Message, serveGroups } from './shared/queue.ts';
import { tally as count, step } from './shared/step.ts';

const KINDS = { repaired: 'repairs', escalated: 'failures' } as const;

/** An event of the outcome bus, as EventBridge puts it into the queue. */
const end = z
  .object({
    time: z.iso.datetime(),
    detail: z.object({
      execution: z.string(),
      outcome: z.enum(['repaired', 'escalated']),
      target: z.object({ account: z.string() }),
    }),
  })
  .transform(({ time, detail: { execution, outcome, target } }): Counted & { readonly account: string } => ({
    account: target.account,
    execution,
    kind: KINDS[outcome],
    at: Date.parse(time),
  }));

/** Counts what became of each account's executions, and opens its breaker where there are too many or they fail. */
const tally = (event: SQSEvent): Promise<SQSBatchResponse> =>
  serveGroups(event, end, ({ said: { account } }) => account, countAccount);

async function countAccount(ends: readonly Message<z.output<typeof end>>[]): Promise<readonly []> {
  const account = ends[0]?.said.account ?? '';
  const { breaker: limits, owner } = settings.accounts[account] ?? {};
  if (!limits || !owner) return []; // it is not governed any more
  await countEnds(
    account,
    ends.map(({ said }) => said),
    limits,
  );
  const now = new Date();
  const reason = tripped(await tallyOf(account, limits, now.getTime()), limits);
  if (reason && !(await getBreaker(account))) await open(account, owner.name, reason, now.toISOString());
  return [];
}

async function open(account: string, owner: string, reason: string, since: string): Promise<void> {
  // First, so that a crash tells people twice rather than never.
  await publish('Evenkeel Breaker', {
    version: '1',
    account,
    owner,
    reason,
    since,
    ways: {
      release: `Its repairs are made without asking again. Run: evenkeel release ${account} --reason "..."`,
      silence: 'Each of its repairs waits for an approval.',
    },
  });
  await openBreaker(account, { since, reason });
  count('breakersOpened', 1);
}

/** Lambda's entry. */
export const handler = step('tally', tally);
