import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { controls } from '../controls/index.ts';
import { schemaFiles } from '../lib/evidence/schema.ts';
import { pages } from './docs/control-pages.ts';
import { eventsPage } from './docs/events-page.ts';

const folder = new URL('../docs/controls/', import.meta.url);

mkdirSync(folder, { recursive: true });
const made = pages(controls);
for (const file of readdirSync(folder)) if (!made.has(file)) rmSync(new URL(file, folder));
for (const [file, content] of made) writeFileSync(new URL(file, folder), content);
const schemas = schemaFiles();
for (const [file, schema] of schemas)
  writeFileSync(new URL(`../${file}`, folder), `${JSON.stringify(schema, null, 2)}\n`);
writeFileSync(new URL('../events.md', folder), eventsPage());
console.log(`${made.size} pages in docs/controls, ${schemas.size} schemas and events.md in docs.`);
