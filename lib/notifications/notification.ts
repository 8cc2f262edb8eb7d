import { names } from '../config/names.ts';
import type { Actor } from '../model/actor.ts';
import type { Place, Severity, Target } from '../model/control.ts';
import { consoleOf } from '../text/console-links.ts';
import { labels, moreLines, onBehalfOf, UNKNOWN } from '../text/labels.ts';
import { listed } from '../text/words.ts';

/** A notification for people, with the attributes that subscribers filter by. */
export interface Notification {
  readonly kind:
    | 'escalation'
    | 'approval'
    | 'backlog'
    | 'grace-period'
    | 'circuit-breaker'
    | 'command'
    | 'reminder'
    | 'exception'
    | 'template';
  readonly subject: string;
  readonly text: string;
  /** The owners whose addresses receive the notification. */
  readonly owners: readonly string[];
  readonly control?: string;
  readonly account?: string;
  readonly severity?: Severity;
}

/** The data for links and titles that an event does not hold. */
export interface NotificationContext {
  readonly hub: Place;
  /** The name of the evidence vault. */
  readonly vault: string;
  titleOf(control: string): string;
}

/** Formats names and values in two columns, without the values that are not known. */
export function facts(values: readonly (readonly [label: string, value: string | undefined])[]): string {
  const known = values.filter(([, value]) => value);
  const width = Math.max(...known.map(([label]) => label.length));
  return known.map(([label, value]) => `${label.padEnd(width)}  ${value}`).join('\n');
}

/** Formats a heading with indented lines. The section is empty where there are no lines. */
export const section = (heading: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [heading, ...lines.map((line) => `  ${line}`)].join('\n');

/** Joins paragraphs with an empty line between them. */
export const text = (...paragraphs: readonly string[]): string => paragraphs.filter(Boolean).join('\n\n');

const SHOWN = 20;

/** Returns the first lines, and the number of further lines. */
export const first = (lines: readonly string[], count = lines.length): string[] => {
  const shown = lines.slice(0, SHOWN);
  return count > shown.length ? [...shown, moreLines(count - shown.length)] : shown;
};

/** Formats a resource in one line. */
export const where = ({ account, region, id }: Target): string => `${id} (account ${account}, ${region})`;

/** Formats a control in one line. */
export const controlText = (
  { titleOf }: NotificationContext,
  { control, severity }: { readonly control: string; readonly severity?: Severity },
): string => `${titleOf(control)} (${[control, severity].filter(Boolean).join(', ')})`;

/** Names the identities that made a change. */
export const changedBy = (actors: readonly Actor[]): string =>
  listed(actors.map(({ arn, invokedBy, type }) => (invokedBy ? onBehalfOf(invokedBy, arn ?? type) : (arn ?? type)))) ||
  UNKNOWN;

/** Returns links to the console pages of an execution, a Config rule and a record. */
export function links(
  { hub, vault }: NotificationContext,
  { machine, control, target, evidence }: { machine?: string; control?: string; target?: Target; evidence?: string },
): string {
  const console = consoleOf(hub);
  return facts([
    [labels.execution, machine && console.execution(machine)],
    // For a reader who is signed in to the governed account, which holds the rule.
    [labels.configRule, control && target && consoleOf(target).configRule(names.configRule(control))],
    [labels.evidence, evidence && console.object(vault, evidence)],
  ]);
}
