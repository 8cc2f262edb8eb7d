import { fingerprint } from './fingerprint.ts';
import type { Finding } from './verification.ts';

/** One record in its place within its execution. */
export interface Link {
  readonly key: string;
  readonly n: number;
  /** What it hashes to, by the digest that lists it or else by its bytes; undefined for what is in its place wrongly. */
  readonly sha256?: string;
  /** A digest lists it: if it and its neighbour do not fit, the neighbour is to blame. */
  readonly digested: boolean;
  /** What it says; undefined where it is missing or altered. */
  readonly says?: { readonly at: string; readonly previous: string | null; readonly closes: boolean };
}

/** The clocks of two functions may differ by this much. */
const SKEW_MS = 60_000;

/** Of two with one number, the one that a digest lists comes first: the other is to blame. */
const inOrder = (a: Link, b: Link) => a.n - b.n || Number(b.digested) - Number(a.digested);

/** Holds the records of each execution against each other; remembers only those whose execution is not complete yet. */
export class Executions {
  /** Executions that no record closes: they are under way, or another one took over. */
  open = 0;
  /** Executions whose first records are not here, where that is to be expected. */
  beheaded = 0;
  readonly #links = new Map<string, Link[]>();
  readonly #closed = new Map<string, number>();
  #current: string | undefined;
  readonly #find: (finding: Finding) => void;

  constructor(find: (finding: Finding) => void) {
    this.#find = find;
  }

  /** Takes in a record; those of one execution mostly come one after the other. */
  add(execution: string, link: Link): void {
    if (this.#current !== undefined && this.#current !== execution) this.#settle(this.#current);
    this.#current = execution;
    const links = this.#links.get(execution);
    if (links) links.push(link);
    else this.#links.set(execution, [link]);
  }

  /** Judges what is left; `beginsLate` where the first records of an execution may be older than what is here. */
  end(beginsLate: boolean): void {
    for (const [execution, links] of this.#links) this.#judge(execution, links, beginsLate);
    this.#links.clear();
  }

  #settle(execution: string): void {
    const links = this.#links.get(execution);
    const proper = links?.filter(({ says }) => says).length;
    if (!links || proper !== links.length || !links.some(({ n, says }) => says?.closes && n === links.length)) return;
    this.#judge(execution, links, false);
    this.#links.delete(execution);
    this.#closed.set(fingerprint(execution), links.length);
  }

  #judge(execution: string, all: Link[], beginsLate: boolean): void {
    const wrong = new Set(all.filter(({ sha256 }) => sha256 === undefined).map(({ n }) => n));
    const links = all.filter(({ sha256 }) => sha256 !== undefined).sort(inOrder);
    const closed = this.#closed.get(fingerprint(execution));
    let last: Link | undefined;
    for (const link of links) {
      if (closed !== undefined) this.#late(link, closed);
      else if (last?.n === link.n) {
        this.#report('repeated', link, `It has the same number as ${last.key}.`);
        continue;
      } else this.#follow(link, last, wrong, beginsLate);
      last = link;
    }
    if (closed === undefined && last?.says && !last.says.closes) this.open++;
  }

  #follow(link: Link, last: Link | undefined, wrong: ReadonlySet<number>, beginsLate: boolean): void {
    const { n, says } = link;
    if (last?.says?.closes) this.#late(link, last.n);
    if (n === (last?.n ?? 0) + 1) this.#fit(link, last);
    else if (!last && beginsLate) this.beheaded++;
    else this.#absent(link, last?.n ?? 0, wrong);
    if (says && last?.says && Date.parse(says.at) < Date.parse(last.says.at) - SKEW_MS)
      this.#report('out of order', link, `It says that it was made before ${last.key}, which it follows.`);
  }

  #fit(link: Link, last: Link | undefined): void {
    if (!link.says || link.says.previous === (last?.sha256 ?? null)) return;
    if (!last) this.#report('altered', link, 'It is the first of its execution, and names one before it.');
    else if (last.digested) this.#report('altered', link, `It was not made after ${last.key} as that is.`);
    else this.#report('altered', last, `${link.key} was not made after it as it is.`);
  }

  #absent(link: Link, before: number, wrong: ReadonlySet<number>): void {
    const folder = link.key.slice(0, link.key.lastIndexOf('/'));
    for (let n = before + 1; n < link.n; n++) {
      if (wrong.has(n)) continue;
      this.#find({
        kind: 'missing',
        key: `${folder}/${n}-*.json`,
        sentence: `${link.key} is there, and record ${n} of its execution is not.`,
      });
    }
  }

  #late(link: Link, closing: number): void {
    this.#report('out of order', link, `It comes after record ${closing}, which closed its execution.`);
  }

  #report(kind: Finding['kind'], { key }: Link, sentence: string): void {
    this.#find({ kind, key, sentence });
  }
}
