import { actorName, type ExecutionSummary, type Status } from './execution-summary.ts';
import { html, type Markup } from './html.ts';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const MAX_LENGTH = 280;

/** Two dates as text, with the year only once if it is the same. */
export function dateRange(from: string, to: string): string {
  const [first, last] = [from, to].map((date) => DAY.format(new Date(date)));
  return from.slice(0, 4) === to.slice(0, 4) ? `${first?.slice(0, -5)} to ${last}` : `${first} to ${last}`;
}

/** A duration with one unit. */
export function secondsText(seconds: number | undefined): string {
  if (seconds === undefined) return '–';
  if (seconds < 1) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${+seconds.toFixed(1)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${+(seconds / 3600).toFixed(1)} h`;
  return `${+(seconds / 86_400).toFixed(1)} days`;
}

/** A time to the minute, in UTC. */
export const minute = (at: string): Markup => html`${at.slice(0, 10)}<span class="soft">${at.slice(11, 16)}</span>`;

/** A text, truncated if it is very long. */
export const truncate = (text: string): string => (text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text);

/** A status as text. */
export const statusText = (status: string): string => status.replace('-', ' ');

/** A status with its color. */
export const statusTag = (status: Status): Markup => html`<span class="tag ${status}">${statusText(status)}</span>`;

/** A number; zero is gray. */
export const numberCell = (number: number): Markup =>
  number === 0 ? html`<span class="zero">0</span>` : html`${number}`;

/** The resource of an execution, with its account and region. */
export const resourceCell = ({ target }: Pick<ExecutionSummary, 'target'>): Markup =>
  target.id === target.account
    ? html`account ${target.account}<span class="soft">${target.region}</span>`
    : html`${target.id}<span class="soft"><span class="one">${target.account}</span> <span class="one">${target.region}</span></span>`;

/** The actor of a change, without the prefix of its ARN, and the origin of the violation. */
export function actorCell({
  actor,
  origin,
  templateSource,
}: Pick<ExecutionSummary, 'actor' | 'origin' | 'templateSource'>): Markup {
  const name = actorName(actor);
  const [, resource] = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(name) ?? [];
  const from = origin && (templateSource ? `${origin}, stack ${templateSource.stack}` : origin);
  return html`<span title="${name}">${resource ?? name}</span>${from && html`<span class="soft">${from}</span>`}`;
}

const recordLink = (key: string, text: string): Markup =>
  html`<a class="line" href="vault/${key.split('/').map(encodeURIComponent).join('/')}">${text}</a>`;

/** Links to the records of an execution in the report's folder. */
export const recordLinks = ({ records }: Pick<ExecutionSummary, 'records'>): Markup[] =>
  records.map(({ key }) => recordLink(key, nameOf(key)));

const nameOf = (key: string) => key.slice(key.lastIndexOf('/') + 1).replace('.json', '');

/** States how many rows a table omits, and which file has all. */
export const omittedNote = (shown: number, all: number, which: string, file = 'executions.csv'): Markup | undefined =>
  all > shown ? html`<p class="note">${shown} of ${all} are shown: ${which} ${file} lists all.</p>` : undefined;
