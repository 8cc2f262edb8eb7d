import type { Target } from '../model/control.ts';
import { commandLines } from './command-lines.ts';
import { reasonText } from './reasons.ts';

interface Item {
  readonly control: string;
  readonly target: Target;
  readonly owner: string;
  readonly since: string;
}

/** Everything that needs attention, as far as the text names it. */
interface Pending {
  readonly halt?: { readonly by: string; readonly at: string; readonly reason: string };
  readonly approvals: readonly (Item & { readonly execution: string; readonly rollback?: string })[];
  readonly holds: readonly (Item & { readonly reason: string; readonly execution?: string; readonly until?: string })[];
  readonly backlogs: readonly (Omit<Item, 'target'> & { readonly account: string })[];
  readonly circuitBreakers: readonly {
    readonly account: string;
    readonly owner: string;
    readonly since: string;
    readonly reason: string;
  }[];
  readonly notConfigured?: readonly { readonly control: string; readonly missing: readonly string[] }[];
  readonly exceptions: readonly {
    readonly id: string;
    readonly control: string;
    readonly owner: string;
    readonly expires: string;
  }[];
}

/** A heading and its lines. */
type Section = readonly [heading: string, lines: readonly string[]];

/** Lists what needs attention, under headings, with the command to run for each item. */
export function pendingSections(pending: Pending): readonly Section[] {
  const { halt, approvals, holds, backlogs, circuitBreakers, exceptions, notConfigured = [] } = pending;
  return [
    ['All repairs are halted', halt ? [`by ${halt.by} since ${halt.at}: ${halt.reason}`, commandLines.resume] : []],
    [
      'Waiting for approval',
      approvals.flatMap((item) => [
        `${item.rollback ? 'rollback of ' : ''}${itemText(item)}`,
        `  ${commandLines.approve(item.execution)}`,
      ]),
    ],
    [
      'On hold until released or until the given time',
      holds.flatMap((item) => [
        `${itemText(item)}${item.until ? ` until ${item.until}` : ''}: ${item.reason}`,
        ...(item.execution ? [`  ${commandLines.release(item.execution)}`] : []),
      ]),
    ],
    [
      'Backlogs of existing violations, waiting for a release',
      backlogs.flatMap(({ control, account, owner, since }) => [
        `${control} in account ${account} (owner ${owner}) since ${since}`,
        `  ${commandLines.backlogShow(control, account)}`,
      ]),
    ],
    [
      'Accounts with an open circuit breaker: every repair needs approval until a release',
      circuitBreakers.flatMap(({ account, owner, since, reason }) => [
        `${account} (owner ${owner}) since ${since}: ${reason}`,
        `  ${commandLines.release(account)}`,
      ]),
    ],
    [
      'Exceptions that expire soon',
      exceptions.map(
        ({ id, control, owner, expires }) => `${id} for ${control} (owner ${owner}) expires after ${expires}`,
      ),
    ],
    ['Controls that are not configured', notConfigured.map((one) => reasonText({ code: 'not-configured', ...one }))],
  ];
}

const itemText = ({ control, target: { id, account, region }, owner, since }: Item) =>
  `${control} on ${id} (account ${account}, ${region}; owner ${owner}) since ${since}`;
