import type { Report } from './report.ts';

/** What people at a terminal may want of it. */
interface Look {
  readonly colour: boolean;
  /** Leaves the findings out, where they are shown in another way. */
  readonly brief?: boolean;
}

/** Turns a report into text. */
export type Formatter = (report: Report, look?: Look) => string;

const table = {
  human: () => import('./format/human.ts'),
  sarif: () => import('./format/sarif.ts'),
  junit: () => import('./format/junit.ts'),
  json: () => import('./format/json.ts'),
  markdown: () => import('./format/markdown.ts'),
  github: () => import('./format/github.ts'),
  csv: () => import('./format/csv.ts'),
} satisfies { readonly [name: string]: () => Promise<{ readonly format: Formatter }> };

/** A way of writing a report. */
export type Format = keyof typeof table;

/** All of them. */
export const formats = Object.keys(table) as Format[]; // keys of a constant are its own type

/** Loads one; the others cost nothing. */
export const formatter = async (name: Format): Promise<Formatter> => (await table[name]()).format;

/** Those that list what is compliant too. */
export const listsCompliant = (name: Format): boolean => name === 'csv' || name === 'junit';
