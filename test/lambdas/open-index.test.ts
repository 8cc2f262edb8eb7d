import { expect, it, vi } from 'vitest';

const table = vi.hoisted(() => ({
  pages: [[{ pk: 'a' }, { pk: 'b' }], [{ pk: 'c' }], []] as { readonly pk: string }[][],
  items: [
    { pk: 'a', openAs: 'hold' },
    { pk: 'b', phase: 'settled' },
    { pk: 'c', openAs: 'hold' },
  ],
  asked: [] as unknown[],
}));

vi.mock('../../lambdas/runtime/environment.ts', () => ({ variable: () => 'table' }));
vi.mock('@aws-sdk/lib-dynamodb', () => ({
  DynamoDBDocument: {
    from: () => ({
      query: async ({ ExclusiveStartKey: page = 0, ...asked }: { readonly ExclusiveStartKey?: number }) => {
        table.asked.push(asked);
        const LastEvaluatedKey = page + 1 < table.pages.length ? page + 1 : undefined;
        return { Items: table.pages[page], LastEvaluatedKey };
      },
      batchGet: async ({ RequestItems }: { RequestItems: { table: { Keys: readonly { pk: string }[] } } }) => ({
        Responses: {
          table: table.items.filter(({ pk }) => RequestItems.table.Keys.some((key) => key.pk === pk)),
        },
      }),
    }),
  },
}));

const { listOpen } = await import('../../lambdas/store/open-index.ts');

it('lists what waits for people page by page, without what waits no more by the table itself', async () => {
  const listed: object[] = [];
  for await (const item of listOpen('hold')) listed.push(item);
  expect(listed).toEqual([table.items[0], table.items[2]]);
  expect(table.asked[0]).toMatchObject({ IndexName: 'openAs', ExpressionAttributeValues: { ':value': 'hold' } });
});
