import { expect, it } from 'vitest';
import { controls } from '../controls/index.ts';
import { ACCOUNT } from '../lib/model/control.ts';
import { filesIn, textOf } from './house/files.ts';

const engine = filesIn(['lib', 'aspects', 'lambdas', 'bin'], '.ts');

// The engine itself knows the account, which is the resource of every account setting.
const governed = new Set(controls.flatMap(({ id, resource }) => [id, resource]).filter((word) => word !== ACCOUNT));
const namedIn = (text: string) => [...governed].filter((word) => text.includes(word));

it.each(engine)('names no control and no governed resource type: %s', (file) => {
  expect(namedIn(textOf(file))).toEqual([]);
});

it.each(controls.map(({ id, resource }) => [id, resource]))('finds the name %s', (id, resource) => {
  expect(namedIn(`if (control.id === '${id}' || type === '${resource}') return;`)).toEqual(
    resource === ACCOUNT ? [id] : expect.arrayContaining([id, resource]),
  );
});
