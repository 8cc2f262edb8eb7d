import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { controls } from '../controls/index.ts';
import { ACCOUNT } from '../lib/model/control.ts';

const root = new URL('../', import.meta.url);
const engine = ['lib', 'aspects', 'lambdas', 'bin'].flatMap((folder) =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`),
);

// The account itself is the engine's own notion: every setting of an account is held by it.
const governed = new Set(controls.flatMap(({ id, resource }) => [id, resource]).filter((word) => word !== ACCOUNT));
const namedIn = (text: string) => [...governed].filter((word) => text.includes(word));

it.each(engine)('names no control and no governed resource type: %s', (file) => {
  expect(namedIn(readFileSync(new URL(file, root), 'utf8'))).toEqual([]);
});

it.each(controls.map(({ id, resource }) => [id, resource]))('would be seen to name %s', (id, resource) => {
  expect(namedIn(`if (control.id === '${id}' || type === '${resource}') return;`)).toEqual(
    resource === ACCOUNT ? [id] : expect.arrayContaining([id, resource]),
  );
});
