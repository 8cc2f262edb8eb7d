import { names } from '../config/names.ts';
import type { Actor } from '../model/actor.ts';
import type { Place, Severity, Target } from '../model/control.ts';
import { consoleOf } from '../text/console-links.ts';

/** What people are told: a line, a text, and what they may sort by. */
export interface Notification {
  /** What kind of notice it is; subscribers filter by it. */
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
  /** Whom it concerns; their addresses hear of it. */
  readonly owners: readonly string[];
  readonly control?: string;
  readonly account?: string;
  readonly severity?: Severity;
}

/** What a notice needs to know of the world, beside the event, to lead people to what it speaks of. */
export interface NotificationContext {
  readonly hub: Place;
  /** The name of the evidence vault. */
  readonly vault: string;
  titleOf(control: string): string;
}

/** Lines of a name and a value each, in two columns; what is not known is left out. */
export function facts(values: { readonly [name: string]: string | undefined }): string {
  const known = Object.entries(values).filter(([, value]) => value);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** A heading and indented lines; nothing where there are none. */
export const section = (heading: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [heading, ...lines.map((line) => `  ${line}`)].join('\n');

/** A text of its parts, with an empty line between them. */
export const text = (...parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');

const SHOWN = 20;

/** The first lines of many, and how many more there are. */
export const first = (lines: readonly string[], count = lines.length): string[] => {
  const shown = lines.slice(0, SHOWN);
  return count > shown.length ? [...shown, `... and ${count - shown.length} more`] : shown;
};

/** A resource in one line. */
export const where = ({ account, region, id }: Target): string => `${id} (account ${account}, ${region})`;

/** Those who are known to have caused something, as AWS names them. */
export const causes = (actors: readonly Actor[]): string =>
  actors
    .map(({ arn, invokedBy, type }) => (invokedBy ? `${invokedBy}, for ${arn ?? type}` : (arn ?? type)))
    .join(', ') || 'nobody known';

/** Pages to look at what an execution did, by what an event says of it. */
export function links(
  { hub, vault }: NotificationContext,
  { machine, control, target, evidence }: { machine?: string; control?: string; target?: Target; evidence?: string },
): string {
  const console = consoleOf(hub);
  return facts({
    Execution: machine && console.execution(machine),
    // Signed in to the governed account, where the rule stands.
    'Config rule': control && target && consoleOf(target).configRule(names.configRule(control)),
    Evidence: evidence && console.object(vault, evidence),
  });
}
