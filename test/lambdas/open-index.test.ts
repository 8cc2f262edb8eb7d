import { expect, it } from 'vitest';
import { hub } from './hub.ts';
import { put } from './seed.ts';

const { listOpen } = await import('../../lambdas/store/open-index.ts');

it('lists open items page by page, without items that the table shows as closed', async () => {
  const ids = Array.from({ length: 130 }, (_, index) => `item-${index}`);
  for (const pk of ids) put(pk, { openAs: 'hold' });
  put('other', { openAs: 'approval' });
  hub.on('BatchGet', (_input, proceed) => {
    put('item-1', { phase: 'settled' }); // the index lags behind this write
    return proceed();
  });
  const listed: object[] = [];
  for await (const item of listOpen('hold')) listed.push(item);
  expect(listed).toEqual(ids.filter((pk) => pk !== 'item-1').map((pk) => ({ pk, openAs: 'hold' })));
  expect(hub.inputs('Query')).toHaveLength(2);
});
