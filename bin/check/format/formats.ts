import type { Report } from '../check-report.ts';

/** What people at a terminal may want of it. */
interface Look {
  readonly colour: boolean;
  /** Leaves the findings out, where they are shown in another way. */
  readonly brief?: boolean;
}

/** Turns a report into text. */
export type Formatter = (report: Report, look?: Look) => string;

const table = {
  human: () => import('./human-format.ts'),
  sarif: () => import('./sarif-format.ts'),
  junit: () => import('./junit-format.ts'),
  json: () => import('./json-format.ts'),
  markdown: () => import('./markdown-format.ts'),
  github: () => import('./github-format.ts'),
  csv: () => import('./csv-format.ts'),
} satisfies { readonly [name: string]: () => Promise<{ readonly format: Formatter }> };

/** A way of writing a report. */
export type Format = keyof typeof table;

/** All of them. */
export const formats = Object.keys(table) as Format[]; // keys of a constant are its own type

/** Loads one; the others cost nothing. */
export const formatter = async (name: Format): Promise<Formatter> => (await table[name]()).format;

/** Those that list what is compliant too. */
export const listsCompliant = (name: Format): boolean => name === 'csv' || name === 'junit';
