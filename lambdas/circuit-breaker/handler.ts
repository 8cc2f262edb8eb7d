import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { type CircuitBreaker, openReason } from '../../lib/governance/circuit-breaker.ts';
import { circuitBreakerOptions } from '../../lib/text/circuit-breaker-text.ts';
import { explain } from '../../lib/text/reasons.ts';
import { settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import { type Message, serveGroups } from '../runtime/queue.ts';
import { gauge as count, step } from '../runtime/step.ts';
import {
  type CountedOutcome,
  countOutcomes,
  getCircuitBreaker,
  openCircuitBreaker,
  outcomeCountsOf,
} from '../store/circuit-breakers.ts';

const KINDS = { repaired: 'repairs', escalated: 'failures' } as const;

/** An event of the outcome bus, as EventBridge sends it to the queue. */
const end = z
  .object({
    time: z.iso.datetime(),
    detail: z.object({
      execution: z.string(),
      outcome: z.enum(['repaired', 'escalated']),
      target: z.object({ account: z.string() }),
    }),
  })
  .transform(({ time, detail: { execution, outcome, target } }): CountedOutcome & { readonly account: string } => ({
    account: target.account,
    execution,
    kind: KINDS[outcome],
    at: Date.parse(time),
  }));

/** Counts the outcomes of each account's executions, and opens its circuit breaker above a limit. */
const countOutcomesOf = (event: SQSEvent): Promise<SQSBatchResponse> =>
  serveGroups(event, end, ({ content: { account } }) => account, countAccount);

async function countAccount(ends: readonly Message<z.output<typeof end>>[]): Promise<readonly []> {
  const account = ends[0]?.content.account ?? '';
  const { circuitBreaker: limits, owner } = settings.accounts[account] ?? {};
  if (!limits || !owner) return []; // the account is no longer governed
  await countOutcomes(
    account,
    ends.map(({ content }) => content),
    limits,
  );
  const now = new Date();
  const reason = openReason(await outcomeCountsOf(account, limits, now.getTime()), limits);
  if (reason && !(await getCircuitBreaker(account)))
    await open(account, owner.name, { since: now.toISOString(), ...explain(reason) });
  return [];
}

async function open(account: string, owner: string, circuitBreaker: CircuitBreaker): Promise<void> {
  // Publish first: after a crash, people are notified twice rather than never.
  await publish('Evenkeel Circuit Breaker', {
    version: '1',
    account,
    owner,
    ...circuitBreaker,
    options: circuitBreakerOptions(account),
  });
  await openCircuitBreaker(account, circuitBreaker);
  count('circuitBreakersOpened', 1);
}

/** Lambda's entry. */
export const handler = step('circuit-breaker', countOutcomesOf);
