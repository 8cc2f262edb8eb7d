import type { Control } from '../control.ts';
import { declaredIn, undoneBy } from '../declared.ts';
import type { Origin } from '../evidence.ts';
import { lastUsed } from '../last-use.ts';
import { actorName, type Case, isForAll, isOrdered, type Ordered, orderedOn, secondsOf } from './case.ts';
import type { Records } from './executions.ts';
import { duration } from './report.ts';

/** What a story says of an execution before it shows any state, line by line. */
export type Facts = readonly (readonly [name: string, value: string | undefined])[];

const ORIGIN: { readonly [O in Origin]: string } = {
  drift: 'drift: the template of its stack is right',
  template: 'template: the template of its stack is wrong',
  unmanaged: 'unmanaged: no stack holds it',
  unknown: 'unknown',
};

/** Who, what, where, when and why. */
export const factsOf = (records: Records, one: Case, control: Control | undefined): Facts =>
  isOrdered(one) ? orderFacts(one) : lookFacts(records, one, control);

/** An order looks at nothing and changes nothing. */
function orderFacts(one: Ordered): Facts {
  const { order, control, began } = one;
  return [
    ['order', order.kind],
    ['by', `${order.by} (${order.identity})`],
    ['at', began],
    ['about', isForAll(one) ? 'every control in every account' : `${control} on ${orderedOn(one)}`],
    ['execution', order.execution],
    ['hold', one.rollback && `${one.rollback.holdDays} days`],
    ['reason', order.reason],
  ];
}

function lookFacts(records: Records, one: Case, control: Control | undefined): Facts {
  const { target, exception } = one;
  const [{ record: first }] = records;
  const plan = records.findLast(({ record }) => record.phase === 'plan')?.record;
  return [
    ['control', `${one.control}${control ? `, ${control.severity}` : ''}`],
    ['resource', target.id === target.account ? 'the account itself' : target.id],
    ['where', `account ${target.account}, ${target.region}`],
    ['owner', `${one.owner} (${first.owner.from})`],
    ['caused by', actorName(one.actor)],
    ['origin', one.origin && ORIGIN[one.origin]],
    ['noticed by', `${one.source}, event ${first.event}`],
    ['mode', `${one.mode}, deployed from ${one.commit}`],
    ['because', plan?.reason],
    ['declared', plan?.declared && declaredIn(plan.declared)],
    ['rollback', one.rollback && `of execution ${one.rollback.execution}, held for ${one.rollback.holdDays} days`],
    ['violation', one.violation],
    ['last use', plan?.lastUse?.map(lastUsed).join('; ')],
    ['began', one.began],
    ['ended', one.ended && `${one.ended}, after ${duration(secondsOf(one))}`],
    ['outcome', `${one.standing}${one.reason ? `: ${one.reason}` : ''}`],
    ['warning', undoneBy(plan?.origin, plan?.declared)],
    [
      'spared by',
      exception &&
        `${exception.id}, approved by ${exception.approver}, until ${exception.expires} (${exception.ticket}): ${exception.reason}`,
    ],
    ...one.decisions.map(
      ({ verdict, by, identity, at, reason }) => [verdict, `by ${by} (${identity}) at ${at}: ${reason}`] as const,
    ),
  ];
}
