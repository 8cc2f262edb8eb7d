import type { Formatter } from './formatter.ts';

const table = {
  human: () => import('./human-format.ts'),
  sarif: () => import('./sarif-format.ts'),
  junit: () => import('./junit-format.ts'),
  json: () => import('./json-format.ts'),
  markdown: () => import('./markdown-format.ts'),
  github: () => import('./github-format.ts'),
  csv: () => import('./csv-format.ts'),
} satisfies { readonly [name: string]: () => Promise<{ readonly format: Formatter }> };

/** The name of a report format. */
export type Format = keyof typeof table;

/** The names of all formats. */
export const formats = Object.keys(table) as Format[]; // keys of a constant have its own type

/** Loads one format, and no other. */
export const formatter = async (name: Format): Promise<Formatter> => (await table[name]()).format;

/** Whether a format also lists compliant resources. */
export const listsCompliant = (name: Format): boolean => name === 'csv' || name === 'junit';
