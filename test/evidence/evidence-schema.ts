import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);

/** The errors of a file of the vault by its published schema in `docs/`; undefined if it is valid. */
export function schemaErrors(schema: 'evidence' | 'digest', file: unknown): string | undefined {
  const url = new URL(`../../docs/${schema}.schema.json`, import.meta.url);
  const check = ajv.getSchema(url.href) ?? ajv.compile({ $id: url.href, ...JSON.parse(readFileSync(url, 'utf8')) });
  return check(file) ? undefined : ajv.errorsText(check.errors);
}
