import type { Formatter } from './format/formatter.ts';

const table = {
  human: () => import('./format/human-format.ts'),
  sarif: () => import('./format/sarif-format.ts'),
  junit: () => import('./format/junit-format.ts'),
  json: () => import('./format/json-format.ts'),
  markdown: () => import('./format/markdown-format.ts'),
  github: () => import('./format/github-format.ts'),
  csv: () => import('./format/csv-format.ts'),
} satisfies { readonly [name: string]: () => Promise<{ readonly format: Formatter }> };

/** The name of a report format. */
export type Format = keyof typeof table;

/** The names of all formats. */
export const formats = Object.keys(table) as Format[]; // keys of a constant have its own type

/** Loads one format, and no other. */
export const formatter = async (name: Format): Promise<Formatter> => (await table[name]()).format;

/** Whether a format also lists compliant resources. */
export const listsCompliant = (name: Format): boolean => name === 'csv' || name === 'junit';
