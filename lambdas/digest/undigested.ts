import { names } from '../../lib/config/names.ts';
import type { Execution } from '../store/execution.ts';
import { fromRow } from '../store/execution-row.ts';
import { getExecution } from '../store/executions.ts';
import { executionKey } from '../store/keys.ts';
import { index, read, update, updateOne } from '../store/table.ts';
import type { DigestTable } from './digest-ports.ts';

const POINTER = { pk: 'digest' };

/** The state table as a run of digests uses it. */
export const digestTable: DigestTable = {
  undigested,
  evidence: async (id) => (await getExecution(id))?.evidence,
  async markDigested(id, numbers) {
    const marked = await add(id, 'digested', numbers);
    const all = marked?.records.every((_, position) => marked.digested?.has(position + 1));
    if (marked && all) await conceal(id, marked.records.length);
  },
  async markMissed(id, numbers) {
    await add(id, 'missed', numbers);
  },
  async marked() {
    const pointer = await read(POINTER);
    return pointer && 'marked' in pointer ? Number(pointer.marked) : 0;
  },
  async noteMarked(sequence) {
    const ExpressionAttributeValues = { ':sequence': sequence };
    await updateOne({
      Update: { Key: POINTER, UpdateExpression: 'SET marked = :sequence', ExpressionAttributeValues },
    });
  },
};

async function* undigested(): AsyncGenerator<readonly string[]> {
  for await (const items of index(names.undigestedIndex))
    yield items.map((item) => String(Reflect.get(item, names.undigestedIndex)));
}

/** Removes an execution from the index, unless a record was registered meanwhile; the next digest holds that record. */
async function conceal(id: string, records: number): Promise<void> {
  const removal = update(executionKey(id), 'REMOVE undigested', 'size(records) = :records', { ':records': records });
  await unlessRefused(updateOne(removal));
}

/** Adds to a set of numbers. Adding twice changes nothing, and a removed execution has no set. */
async function add(
  id: string,
  set: 'digested' | 'missed',
  numbers: readonly number[],
): Promise<Execution['evidence'] | undefined> {
  const added = update(executionKey(id), `ADD ${set} :numbers`, 'attribute_exists(pk)', {
    ':numbers': new Set(numbers),
  });
  const row = await unlessRefused(updateOne(added));
  return row && fromRow(row).evidence;
}

async function unlessRefused<T>(write: Promise<T>): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}
