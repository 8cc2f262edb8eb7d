import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type {
  BatchGetCommandInput,
  GetCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  TransactWriteCommandInput,
  UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { assertAllUsed, holds, type Placeholders, type Row, updated } from './expressions.ts';

type Write = Placeholders & {
  readonly Key?: { readonly pk?: string };
  readonly Item?: object;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
};

/** The state table in memory. Its indexes show every write at once, a page of a hundred keys at a time. */
export class FakeTable {
  readonly rows = new Map<string, Row>();

  get({ Key }: GetCommandInput) {
    return { Item: copy(this.rows.get(keyOf(Key))) };
  }

  batchGet({ RequestItems = {} }: BatchGetCommandInput) {
    const Responses = Object.entries(RequestItems).map(([table, { Keys = [] }]) => [
      table,
      Keys.flatMap((key) => copy(this.rows.get(keyOf(key))) ?? []),
    ]);
    return { Responses: Object.fromEntries(Responses) };
  }

  query({ IndexName = '', KeyConditionExpression, Limit = 100, ExclusiveStartKey, ...names }: QueryCommandInput) {
    const found = this.#indexed(IndexName).filter((row) => holds(KeyConditionExpression, row, names));
    return page(found, IndexName, Limit, ExclusiveStartKey);
  }

  scan({ IndexName = '', ExclusiveStartKey }: ScanCommandInput) {
    return page(this.#indexed(IndexName), IndexName, 100, ExclusiveStartKey);
  }

  update(input: UpdateCommandInput) {
    const write = stored(input) as Write; // the parts that this table knows
    if (!this.#holds(write))
      throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
    this.#apply('Update', write);
    assertAllUsed(write);
    return { Attributes: copy(this.rows.get(keyOf(write.Key))) };
  }

  transactWrite({ TransactItems = [] }: TransactWriteCommandInput) {
    const writes = TransactItems.flatMap((item) => Object.entries(item)).map(
      ([kind, write]) => [kind, stored(write) as Write] as const, // as above
    );
    const keys = writes.map(([, write]) => keyOf(write.Key ?? write.Item));
    if (new Set(keys).size < keys.length)
      throw new Error('ValidationException: Transaction request cannot include multiple operations on one item');
    const refused = writes.map(([, write]) => !this.#holds(write));
    if (refused.includes(true))
      throw new TransactionCanceledException({
        CancellationReasons: refused.map((one) => ({ Code: one ? 'ConditionalCheckFailed' : 'None' })),
        message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${refused}]`,
        $metadata: {},
      });
    for (const [kind, write] of writes) {
      this.#apply(kind, write);
      assertAllUsed(write);
    }
    return {};
  }

  #indexed(attribute: string): readonly Row[] {
    return [...this.rows.values()].filter((row) => row[attribute] !== undefined);
  }

  #holds(write: Write): boolean {
    return holds(write.ConditionExpression, this.rows.get(keyOf(write.Key ?? write.Item)), write);
  }

  #apply(kind: string, write: Write): void {
    const pk = keyOf(write.Key ?? write.Item);
    if (kind === 'Put')
      this.rows.set(pk, write.Item as Row); // a put has an item with a key
    else if (kind === 'Delete') this.rows.delete(pk);
    else if (kind === 'Update')
      this.rows.set(pk, updated(write.UpdateExpression ?? '', this.rows.get(pk) ?? { pk }, write));
    else if (kind !== 'ConditionCheck') throw new Error(`The fake table knows no ${kind}.`);
  }
}

/** A page of an index, which holds the keys only. */
function page(
  found: readonly Row[],
  index: string,
  size: number,
  start: { readonly [name: string]: unknown } | undefined,
) {
  const from = start ? found.findIndex(({ pk }) => pk === start.pk) + 1 : 0;
  const rows = found.slice(from, from + size);
  const last = rows.at(-1);
  return {
    Items: rows.map((row) => ({ pk: row.pk, [index]: row[index] })),
    ...(last && from + size < found.length && { LastEvaluatedKey: { pk: last.pk } }),
  };
}

function keyOf(key: object | undefined): string {
  const pk = key && Reflect.get(key, 'pk');
  if (typeof pk !== 'string' || pk === '' || pk.length > 2048) throw new Error('ValidationException: no valid key');
  return pk;
}

const copy = <T>(value: T): T => structuredClone(value);

/** A value as DynamoDB stores it: without undefined attributes, which lib-dynamodb removes. */
function stored(value: unknown): unknown {
  if (value instanceof Set) return new Set(value);
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map(stored);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, stored(item)]),
  );
}
