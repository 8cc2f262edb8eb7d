import { z } from 'zod';
import type { Order, SealedRecord } from '../lib/evidence.ts';
import { FINISH_ORDERS, type OrderTaken } from '../lib/orders.ts';
import { finishOrders } from './order/finish.ts';
import { tell } from './order/tell.ts';
import type { Said, Understand, Wish } from './order/wish.ts';
import { wishBatchRelease } from './order/wish-batch.ts';
import { wishRollback } from './order/wish-rollback.ts';
import { liftHalt, releaseHold, setHalt } from './shared/brakes.ts';
import { closeBreaker } from './shared/breaker.ts';
import { type Caller, callerOf } from './shared/caller.ts';
import { bodyOf, callerArn, door, orRefuse, Refusal, type Request, reasonGiven } from './shared/door.ts';
import { settings } from './shared/environment.ts';
import { stableId } from './shared/identity.ts';
import { closeOrder, type Execution, getExecution, registerOrder } from './shared/ledger.ts';
import { nextRecord } from './shared/record.ts';
import { count, logger } from './shared/step.ts';
import { write } from './shared/vault.ts';

const EVERYTHING: Wish['about'] = { control: '*', target: { ...settings.hub, id: '*' } };

const WISHES: { readonly [route: string]: Understand } = {
  'POST /halt': async () => ({
    kind: 'halt',
    about: EVERYTHING,
    changes: ({ by, reason, now }) => [setHalt({ by, reason, at: now.toISOString() })],
    cannot: 'Repairs are halted already.',
  }),
  'DELETE /halt': async () => ({
    kind: 'resume',
    about: EVERYTHING,
    changes: () => [liftHalt()],
    cannot: 'Repairs are not halted.',
  }),
  'POST /accounts/{account}/release': async ({ pathParameters }) => {
    const account = pathParameters?.account ?? '';
    const governed = Object.hasOwn(settings.accounts, account) ? settings.accounts[account] : undefined;
    if (!governed) throw new Refusal(404, `Account "${account}" is not governed.`);
    return {
      kind: 'release account',
      about: { control: '*', target: { ...EVERYTHING.target, account } },
      changes: ({ now }) => closeBreaker(account, governed.breaker, now.getTime()),
      cannot: `The breaker of account ${account} is not open.`,
    };
  },
  'POST /executions/{execution}/release': async ({ pathParameters }) => {
    const id = pathParameters?.execution ?? '';
    const about = await getExecution(id);
    if (!about?.target) throw new Refusal(404, `There is no execution "${id}".`);
    return {
      kind: 'release',
      about,
      execution: id,
      changes: () => releaseHold(about),
      cannot: `Nothing holds ${about.control} off ${about.target.id}.`,
    };
  },
  'POST /batches/{control}/{account}/release': wishBatchRelease,
  'POST /executions/{execution}/rollback': wishRollback,
};

/** Carries out what a person orders, and leaves a record of it that says who it was. */
async function order(request: Request): Promise<OrderTaken | { readonly finished: number }> {
  if (request.routeKey === FINISH_ORDERS) return { finished: await finishOrders() };
  const { reason } = bodyOf(request, z.looseObject({ reason: reasonGiven }));
  const wish = await WISHES[request.routeKey]?.(request);
  if (!wish) throw new Refusal(404, `There is no "${request.routeKey}".`);
  const caller = await callerOf(callerArn(request));
  const by = whoOrders(caller, wish.kind);
  const now = new Date();
  const execution = begun(request, wish, caller, now);
  const said: Said = { by, reason, now, order: execution.execution };
  const { kind, execution: about, resources } = wish;
  const order: Order = { kind, by, identity: caller.arn, reason, execution: about, resources };
  const record = nextRecord(execution, settings, 'order', { order, outcome: 'ordered', reason }, now);
  await orRefuse(() => registerOrder(execution, record, wish.changes(said)), wish.cannot);
  await write(record);
  if (kind === 'release') count('falsePositive', wish.about.control);
  await wish.afterwards?.(said);
  await tellNow(execution, order, record);
  const makes = wish.makes?.(said.order);
  return { kind, by, at: record.at, evidence: record.key, ...(makes && { makes }) };
}

/**
 * The order is carried out by now, and its record says so: that nobody could be told must not look as if it were not. It
 * stays open then, and is told when orders are finished.
 */
async function tellNow(execution: Execution, order: Order, record: SealedRecord): Promise<void> {
  try {
    await tell(execution, order, record);
    await closeOrder(execution);
  } catch (error) {
    logger.error('an order could not be told yet', { execution: execution.execution, error: String(error) });
  }
}

/** Whoever IAM lets may stop repairs; who lets them go on must be a person with a name. */
function whoOrders({ person, arn }: Caller, kind: Order['kind']): string {
  if (person !== undefined) return person;
  if (kind === 'halt' && arn !== '') return arn;
  throw new Refusal(
    403,
    'AWS does not say which person you are: call as an IAM user, or with a session of IAM Identity Center.',
  );
}

/** Whoever orders a rollback causes what comes of it, and approves it no more than any other change of his. */
const begun = ({ requestContext }: Request, { kind, about, rollback }: Wish, caller: Caller, now: Date): Execution => ({
  execution: stableId('order', kind, requestContext.requestId ?? now.toISOString()),
  machine: 'none',
  phase: 'settled',
  admittedAt: now.toISOString(),
  control: about.control,
  target: about.target,
  source: 'command',
  event: requestContext.requestId ?? 'none',
  ...(rollback && { rollback, actor: caller.actor }),
  records: [],
  replans: 0,
  attempts: 0,
  pendingSeen: 0,
});

/** Lambda's entry. */
export const handler = door('order', order);
