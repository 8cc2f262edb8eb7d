import type { Item } from '../../lambdas/store/table.ts';

type Row = { pk: string; [attribute: string]: unknown };
type Values = { readonly [name: string]: unknown } | undefined;
interface Write {
  readonly Key?: { readonly pk: string };
  readonly Item?: object;
  readonly UpdateExpression?: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Values;
}

/** The conditions that the code under test uses; another one fails the test that meets it. */
const CONDITIONS: { readonly [condition: string]: (row: Row | undefined, values: Values) => boolean } = {
  'attribute_not_exists(pk)': (row) => row === undefined,
  'version = :version': (row, values) => row?.version === values?.[':version'],
  'version = :version AND attribute_not_exists(released)': (row, values) =>
    row !== undefined && row.version === values?.[':version'] && row.released === undefined,
};

/** A state table in memory, in the place of lambdas/shared/table.ts: what is written holds at once, in the index too. */
export function tableModel() {
  const rows = new Map<string, Row>();
  /** Called before each read and write, to have others come between or AWS fail. */
  const meanwhile: { call?: (what: 'read' | 'write') => void } = {};
  const holds = ({ Key, Item, ConditionExpression, ExpressionAttributeValues }: Write) => {
    if (!ConditionExpression) return true;
    const condition = CONDITIONS[ConditionExpression];
    if (!condition) throw new Error(`The model knows no condition "${ConditionExpression}".`);
    return condition(rows.get((Key ?? (Item as Row)).pk), ExpressionAttributeValues);
  };
  const apply = (item: Item) => {
    const { Put, Delete, Update } = item as { readonly [kind: string]: Write }; // as the table's own helpers make them
    if (Put) rows.set((Put.Item as Row).pk, JSON.parse(JSON.stringify(Put.Item)));
    if (Delete?.Key) rows.delete(Delete.Key.pk);
    if (Update?.Key) release(rows.get(Update.Key.pk), Update);
  };
  const transact = async (items: readonly Item[]) => {
    meanwhile.call?.('write');
    const refused = items.map((item) => !holds(Object.values(item)[0] as Write));
    if (refused.includes(true)) return refused;
    items.forEach(apply);
    return undefined;
  };
  return {
    rows,
    meanwhile,
    async read({ pk }: Row) {
      meanwhile.call?.('read');
      return rows.get(pk);
    },
    readAll: async (keys: readonly Row[]) => keys.flatMap(({ pk }) => rows.get(pk) ?? []),
    async *indexed(attribute: string, value: string) {
      yield [...rows.values()].filter((row) => row[attribute] === value);
    },
    transact,
    async transactOrThrow(items: readonly Item[]) {
      if (await transact(items)) throw Object.assign(new Error('not so'), { name: 'TransactionCanceledException' });
    },
  };
}

/** The one update in the code under test. */
function release(row: Row | undefined, { UpdateExpression, ExpressionAttributeValues: values }: Write): void {
  if (UpdateExpression !== 'SET released = :released REMOVE openAs ADD version :one' || !row)
    throw new Error(`The model knows no update "${UpdateExpression}".`);
  row.released = values?.[':released'];
  row.version = Number(row.version) + 1;
  delete row.openAs;
}
