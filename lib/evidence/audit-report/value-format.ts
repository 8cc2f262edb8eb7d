import { actorName, type ExecutionSummary, type Status } from './execution-summary.ts';
import { html, type Markup } from './html.ts';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const CLIPPED = 280;

/** Two dates in words, with the year once where it is the same. */
export function span(from: string, to: string): string {
  const [first, last] = [from, to].map((date) => DAY.format(new Date(date)));
  return from.slice(0, 4) === to.slice(0, 4) ? `${first?.slice(0, -5)} to ${last}` : `${first} to ${last}`;
}

/** A moment to the minute, in UTC. */
export const minute = (at: string): Markup => html`${at.slice(0, 10)}<span class="soft">${at.slice(11, 16)}</span>`;

/** Somebody's text, cut where it would fill a page. */
export const clip = (text: string): string => (text.length > CLIPPED ? `${text.slice(0, CLIPPED)}…` : text);

/** How an execution ended. */
export const tag = (standing: Status): Markup =>
  html`<span class="tag ${standing === 'not ended' ? 'open' : standing}">${standing}</span>`;

/** A count, which the eye may pass over when it is nothing. */
export const count = (number: number): Markup => (number === 0 ? html`<span class="zero">0</span>` : html`${number}`);

/** A resource, and where it is. */
export const place = ({ target }: Pick<ExecutionSummary, 'target'>): Markup =>
  target.id === target.account
    ? html`account ${target.account}<span class="soft">${target.region}</span>`
    : html`${target.id}<span class="soft"><span class="one">${target.account}</span> <span class="one">${target.region}</span></span>`;

/** Who caused a change, of an ARN what people look for in it; and whether it stands in a template. */
export function cause({
  actor,
  origin,
  templateSource,
}: Pick<ExecutionSummary, 'actor' | 'origin' | 'templateSource'>): Markup {
  const name = actorName(actor);
  const [, resource] = /^arn:[^:]*:[^:]*:[^:]*:[^:]*:(.+)$/.exec(name) ?? [];
  const from = origin && (templateSource ? `${origin}, stack ${templateSource.stack}` : origin);
  return html`<span title="${name}">${resource ?? name}</span>${from && html`<span class="soft">${from}</span>`}`;
}

/** A key as a link to the copy of its object in the package. */
const recordLink = (key: string, text: string): Markup =>
  html`<a class="line" href="vault/${key.split('/').map(encodeURIComponent).join('/')}">${text}</a>`;

/** Links to an execution's records, by their own names. */
export const recordLinks = ({ records }: Pick<ExecutionSummary, 'records'>): Markup[] =>
  records.map(({ key }) => recordLink(key, nameOf(key)));

const nameOf = (key: string) => key.slice(key.lastIndexOf('/') + 1).replace('.json', '');

/** Says what a list leaves out, and where it is. */
export const rest = (shown: number, all: number, which: string, file = 'executions.csv'): Markup | undefined =>
  all > shown ? html`<p class="note">${shown} of ${all} are shown: ${which} All are in ${file}.</p>` : undefined;
