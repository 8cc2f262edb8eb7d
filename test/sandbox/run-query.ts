import { setTimeout as sleep } from 'node:timers/promises';
import type { Athena, StartQueryExecutionCommandInput } from '@aws-sdk/client-athena';

/** Runs a query and returns its rows, as objects of texts by column. */
export async function runQuery(
  athena: Athena,
  query: StartQueryExecutionCommandInput,
): Promise<Record<string, string | undefined>[]> {
  const { QueryExecutionId } = await athena.startQueryExecution(query);
  let status: { readonly State?: string; readonly StateChangeReason?: string } | undefined;
  while (!['SUCCEEDED', 'FAILED', 'CANCELLED'].includes(status?.State ?? '')) {
    await sleep(20);
    status = (await athena.getQueryExecution({ QueryExecutionId })).QueryExecution?.Status;
  }
  if (status?.State !== 'SUCCEEDED') throw new Error(`${status?.State}: ${status?.StateChangeReason}`);
  const { ResultSet } = await athena.getQueryResults({ QueryExecutionId });
  const [head = [], ...rows] = (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
    Data.map(({ VarCharValue }) => VarCharValue),
  );
  return rows.map((row) => Object.fromEntries(row.map((value, index) => [head[index] ?? '', value])));
}
