import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pages } from '../bin/docs/control-pages.ts';
import { eventsPage } from '../bin/docs/events-page.ts';
import { controls } from '../controls/index.ts';

const folder = new URL('../docs/controls/', import.meta.url);
const made = pages(controls);
const remedy = 'run `npm run docs` and commit docs/controls';

describe('the pages of controls', () => {
  it.each([...made])('%s is up to date', (file, content) => {
    const url = new URL(file, folder);
    expect(existsSync(url) && readFileSync(url, 'utf8') === content, `docs/controls/${file} is stale: ${remedy}`).toBe(
      true,
    );
  });

  it('exist only for controls', () => {
    const left = readdirSync(folder).filter((file) => !made.has(file));
    expect(left, `these pages have no control: ${remedy}`).toEqual([]);
  });
});

it('the page of events is up to date', () => {
  const page = readFileSync(new URL('../docs/events.md', import.meta.url), 'utf8');
  expect(page === eventsPage(), 'docs/events.md is stale: run `npm run docs` and commit it').toBe(true);
});
