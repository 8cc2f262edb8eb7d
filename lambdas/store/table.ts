import { DynamoDB, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { variable } from '../runtime/environment.ts';
import { unlessBusy } from './transaction-conflict.ts';

const table = DynamoDBDocument.from(new DynamoDB({}), { marshallOptions: { removeUndefinedValues: true } });
const TableName = () => variable('EVENKEEL_TABLE');

interface Key {
  readonly pk: string;
}
type Values = { readonly [name: string]: unknown };
type Write = NonNullable<Parameters<typeof table.transactWrite>[0]['TransactItems']>[number];
type Unnamed<T> = T extends undefined ? never : Omit<T, 'TableName'>;

/** One write of a transaction. */
export type Item = { readonly [Kind in keyof Write]?: Unnamed<NonNullable<Write[Kind]>> };

/** Reads an item with a consistent read. */
export async function read(Key: Key): Promise<object | undefined> {
  const { Item } = await table.get({ TableName: TableName(), Key, ConsistentRead: true });
  return Item;
}

/** Scans an index by page. It is eventually consistent. */
export async function* index(IndexName: string): AsyncGenerator<readonly object[]> {
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.scan({ TableName: TableName(), IndexName, ExclusiveStartKey });
    yield page.Items ?? [];
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

/** Queries an index for a value, by page. It is eventually consistent. */
export async function* indexed(IndexName: string, value: string): AsyncGenerator<readonly Key[]> {
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.query({
      TableName: TableName(),
      IndexName,
      KeyConditionExpression: '#key = :value',
      ExpressionAttributeNames: { '#key': IndexName },
      ExpressionAttributeValues: { ':value': value },
      Limit: 100, // the limit of BatchGetItem
      ExclusiveStartKey,
    });
    yield (page.Items ?? []) as Key[]; // every index holds the key of the table
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

/** Reads several items with one consistent call, in no order. Throws if AWS returned only some of them. */
export async function readAll(Keys: readonly Key[]): Promise<readonly (Key & object)[]> {
  const { Responses, UnprocessedKeys } = await table.batchGet({
    RequestItems: { [TableName()]: { Keys: [...Keys], ConsistentRead: true } },
  });
  if (UnprocessedKeys && Object.keys(UnprocessedKeys).length > 0)
    throw new Error('DynamoDB returned only some of the items. Retry.');
  return (Responses?.[TableName()] ?? []) as (Key & object)[]; // every item has its key
}

/** Puts an item. */
export const put = (
  key: Key,
  item: object,
  ConditionExpression?: string,
  ExpressionAttributeValues?: Values,
  ExpressionAttributeNames?: { readonly [placeholder: string]: string },
) => ({
  Put: { Item: { ...key, ...item }, ConditionExpression, ExpressionAttributeValues, ExpressionAttributeNames },
});

/** Updates an item. */
export const update = (
  Key: Key,
  UpdateExpression: string,
  ConditionExpression: string | undefined,
  ExpressionAttributeValues?: Values,
  ExpressionAttributeNames?: { readonly [placeholder: string]: string },
) => ({
  Update: { Key, UpdateExpression, ConditionExpression, ExpressionAttributeValues, ExpressionAttributeNames },
});

/** Removes an item. */
export const remove = (Key: Key, ConditionExpression?: string, ExpressionAttributeValues?: Values) => ({
  Delete: { Key, ConditionExpression, ExpressionAttributeValues },
});

/** Updates one item and returns it. Throws if the condition fails. */
export async function updateOne({
  Update,
}: {
  Update: Omit<UpdateCommandInput, 'TableName'>;
}): Promise<object | undefined> {
  const { Attributes } = await unlessBusy(() =>
    table.update({ ...Update, TableName: TableName(), ReturnValues: 'ALL_NEW' }),
  );
  return Attributes;
}

/** Writes all items or none. Returns for each item whether its condition failed, or undefined after a successful write. */
export async function transact(items: readonly Item[]): Promise<readonly boolean[] | undefined> {
  try {
    await transactOrThrow(items);
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const codes = error.CancellationReasons?.map(({ Code }) => Code) ?? [];
    if (!codes.includes('ConditionalCheckFailed')) throw error;
    return codes.map((code) => code === 'ConditionalCheckFailed');
  }
}

/** Writes all items or none. Throws if a condition fails. */
export async function transactOrThrow(items: readonly Item[]): Promise<void> {
  await unlessBusy(() => table.transactWrite({ TransactItems: items.map(named) }));
}

const named = (item: Item): Write =>
  Object.fromEntries(
    Object.entries(item).map(([kind, write]) => [kind, { ...write, TableName: TableName() }]),
  ) as Write; // the one key, completed
