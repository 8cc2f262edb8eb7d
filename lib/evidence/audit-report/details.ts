import type { Control } from '../../model/control.ts';
import { ownerText } from '../../text/labels.ts';
import { lastUsed } from '../../text/last-used.ts';
import { driftWarning, templateSourceText } from '../../text/template-source-text.ts';
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
import type { ExecutionRecords } from './read-executions.ts';
import { secondsText } from './value-format.ts';

/** The facts of an execution other than states, line by line. */
export type Details = readonly (readonly [name: string, value: string | undefined])[];

const ORIGIN: { readonly [O in Origin]: string } = {
  drift: 'drift: the template of its stack is compliant',
  template: 'template: the template of its stack violates the control',
  unmanaged: 'unmanaged: it belongs to no stack',
  unknown: 'unknown',
};

/** The facts of an execution or an operator command. */
export const detailsOf = (records: ExecutionRecords, one: ExecutionSummary, control: Control | undefined): Details =>
  isCommand(one) ? commandDetails(one) : executionDetails(records, one, control);

function commandDetails(one: CommandSummary): Details {
  const { command, control, startedAt } = one;
  return [
    ['command', command.kind],
    ['by', `${command.by} (${command.identity})`],
    ['at', startedAt],
    ['about', isForAll(one) ? 'every control in every account' : `${control} on ${commandTarget(one)}`],
    ['execution', command.execution],
    ['hold', one.rollback && `${one.rollback.holdDays} days`],
    ['reason', command.reason],
  ];
}

function executionDetails(records: ExecutionRecords, one: ExecutionSummary, control: Control | undefined): Details {
  const { target, exception } = one;
  const [{ record: first }] = records;
  const plan = records.findLast(({ record }) => record.phase === 'plan')?.record;
  return [
    ['control', `${one.control}${control ? `, ${control.severity}` : ''}`],
    ['resource', target.id === target.account ? 'the account itself' : target.id],
    ['location', `account ${target.account}, ${target.region}`],
    ['owner', ownerText(one.owner, first.owner.from)],
    ['changed by', actorName(one.actor)],
    ['origin', one.origin && ORIGIN[one.origin]],
    ['detected by', `${one.source}, event ${first.event}`],
    ['mode', `${one.mode}, deployed from ${one.commit}`],
    ['because', plan?.reason],
    ['template', plan?.templateSource && templateSourceText(plan.templateSource)],
    ['rollback', one.rollback && `of execution ${one.rollback.execution}, hold for ${one.rollback.holdDays} days`],
    ['violation', one.violation],
    ['last use', plan?.lastUse?.map(lastUsed).join('; ')],
    ['started', one.startedAt],
    ['ended', one.endedAt && `${one.endedAt}, after ${secondsText(secondsOf(one))}`],
    ['outcome', `${one.status}${one.reason ? `: ${one.reason}` : ''}`],
    ['warning', driftWarning(plan?.origin, plan?.templateSource)],
    [
      'exception',
      exception &&
        `${exception.id}, approved by ${exception.approver}, until ${exception.expires} (${exception.ticket}): ${exception.reason}`,
    ],
    ...one.decisions.map(
      ({ verdict, by, identity, at, reason }) => [verdict, `by ${by} (${identity}) at ${at}: ${reason}`] as const,
    ),
  ];
}
