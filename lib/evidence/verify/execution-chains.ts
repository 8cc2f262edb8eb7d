import { fingerprint } from './digested-records.ts';
import type { Finding } from './verification.ts';

/** One record in the chain of its execution. */
export interface Link {
  readonly key: string;
  readonly n: number;
  /** The record's hash, from the digest that lists it or from its bytes; undefined if the record is not valid. */
  readonly sha256?: string;
  /** Whether a digest lists the record; if it does not match its neighbor, the neighbor is wrong. */
  readonly digested: boolean;
  /** The fields that chain the record; undefined if it is missing or altered. */
  readonly fields?: { readonly at: string; readonly previous: string | null; readonly closes: boolean };
}

/** The maximum difference between the clocks of two functions. */
const SKEW_MS = 60_000;

/** Of two records with the same number, the digested one comes first, because the other one is wrong. */
const byNumber = (a: Link, b: Link) => a.n - b.n || Number(b.digested) - Number(a.digested);

/** Checks that the records of each execution form a chain; keeps only executions that are not complete in memory. */
export class ExecutionChains {
  /** The number of executions without a closing record, because they are in progress or another execution took over. */
  open = 0;
  /** The number of executions whose first records are older than the source. */
  withoutStart = 0;
  readonly #links = new Map<string, Link[]>();
  readonly #closed = new Map<string, number>();
  #current: string | undefined;
  readonly #report: (finding: Finding) => void;

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  /** Adds a record; the records of one execution usually come in sequence. */
  add(execution: string, link: Link): void {
    if (this.#current !== undefined && this.#current !== execution) this.#checkComplete(this.#current);
    this.#current = execution;
    const links = this.#links.get(execution);
    if (links) links.push(link);
    else this.#links.set(execution, [link]);
  }

  /** Checks the remaining executions. `startsLate`: the first records of an execution may be older than the source. */
  end(startsLate: boolean): void {
    for (const [execution, links] of this.#links) this.#check(execution, links, startsLate);
    this.#links.clear();
  }

  #checkComplete(execution: string): void {
    const links = this.#links.get(execution);
    const valid = links?.filter(({ fields }) => fields).length;
    if (!links || valid !== links.length || !links.some(({ n, fields }) => fields?.closes && n === links.length))
      return;
    this.#check(execution, links, false);
    this.#links.delete(execution);
    this.#closed.set(fingerprint(execution), links.length);
  }

  #check(execution: string, all: Link[], startsLate: boolean): void {
    const invalid = new Set(all.filter(({ sha256 }) => sha256 === undefined).map(({ n }) => n));
    const links = all.filter(({ sha256 }) => sha256 !== undefined).sort(byNumber);
    const closed = this.#closed.get(fingerprint(execution));
    let last: Link | undefined;
    for (const link of links) {
      if (closed !== undefined) this.#reportAfterClose(link, closed);
      else if (last?.n === link.n) {
        this.#add('repeated', link, `It has the same number as ${last.key}.`);
        continue;
      } else this.#checkNext(link, last, invalid, startsLate);
      last = link;
    }
    if (closed === undefined && last?.fields && !last.fields.closes) this.open++;
  }

  #checkNext(link: Link, last: Link | undefined, invalid: ReadonlySet<number>, startsLate: boolean): void {
    const { n, fields } = link;
    if (last?.fields?.closes) this.#reportAfterClose(link, last.n);
    if (n === (last?.n ?? 0) + 1) this.#checkHash(link, last);
    else if (!last && startsLate) this.withoutStart++;
    else this.#reportMissing(link, last?.n ?? 0, invalid);
    if (fields && last?.fields && Date.parse(fields.at) < Date.parse(last.fields.at) - SKEW_MS)
      this.#add('out-of-order', link, `Its time is before that of ${last.key}, its predecessor.`);
  }

  #checkHash(link: Link, last: Link | undefined): void {
    if (!link.fields || link.fields.previous === (last?.sha256 ?? null)) return;
    if (!last) this.#add('altered', link, 'It is the first record of its execution but names a predecessor.');
    else if (last.digested) this.#add('altered', link, `The hash of its predecessor is not that of ${last.key}.`);
    else this.#add('altered', last, `${link.key} names another hash for it.`);
  }

  #reportMissing(link: Link, before: number, invalid: ReadonlySet<number>): void {
    const folder = link.key.slice(0, link.key.lastIndexOf('/'));
    for (let n = before + 1; n < link.n; n++) {
      if (invalid.has(n)) continue;
      this.#report({
        kind: 'missing',
        key: `${folder}/${n}-*.json`,
        sentence: `Record ${n} of the execution does not exist, but ${link.key} does.`,
      });
    }
  }

  #reportAfterClose(link: Link, closing: number): void {
    this.#add('out-of-order', link, `It comes after record ${closing}, which closed its execution.`);
  }

  #add(kind: Finding['kind'], { key }: Link, sentence: string): void {
    this.#report({ kind, key, sentence });
  }
}
