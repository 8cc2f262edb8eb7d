import { driftWarning, templateSourceText } from '../../governance/template-source.ts';
import type { Control } from '../../model/control.ts';
import { lastUsed } from '../../text/last-used.ts';
import type { Origin } from '../record.ts';
import {
  actorName,
  type CommandSummary,
  commandTarget,
  type ExecutionSummary,
  isCommand,
  isForAll,
  secondsOf,
} from './execution-summary.ts';
import type { Records } from './read-executions.ts';
import { duration } from './report-facts.ts';

/** What a story says of an execution before it shows any state, line by line. */
export type Details = readonly (readonly [name: string, value: string | undefined])[];

const ORIGIN: { readonly [O in Origin]: string } = {
  drift: 'drift: the template of its stack is right',
  template: 'template: the template of its stack is wrong',
  unmanaged: 'unmanaged: no stack holds it',
  unknown: 'unknown',
};

/** Who, what, where, when and why. */
export const detailsOf = (records: Records, one: ExecutionSummary, control: Control | undefined): Details =>
  isCommand(one) ? orderFacts(one) : lookFacts(records, one, control);

/** An order looks at nothing and changes nothing. */
function orderFacts(one: CommandSummary): Details {
  const { command, control, began } = one;
  return [
    ['command', command.kind],
    ['by', `${command.by} (${command.identity})`],
    ['at', began],
    ['about', isForAll(one) ? 'every control in every account' : `${control} on ${commandTarget(one)}`],
    ['execution', command.execution],
    ['hold', one.rollback && `${one.rollback.holdDays} days`],
    ['reason', command.reason],
  ];
}

function lookFacts(records: Records, one: ExecutionSummary, control: Control | undefined): Details {
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
    ['templateSource', plan?.templateSource && templateSourceText(plan.templateSource)],
    ['rollback', one.rollback && `of execution ${one.rollback.execution}, held for ${one.rollback.holdDays} days`],
    ['violation', one.violation],
    ['last use', plan?.lastUse?.map(lastUsed).join('; ')],
    ['began', one.began],
    ['ended', one.ended && `${one.ended}, after ${duration(secondsOf(one))}`],
    ['outcome', `${one.status}${one.reason ? `: ${one.reason}` : ''}`],
    ['warning', driftWarning(plan?.origin, plan?.templateSource)],
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
