import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SFN } from '@aws-sdk/client-sfn';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import type { ExecutionRow } from '../lambdas/store/execution-row.ts';
import { names } from '../lib/config/names.ts';
import type { EvidenceRecord } from '../lib/evidence/record.ts';
import { hub, rootOf } from './accounts.ts';
import type { Deployment } from './deploy.ts';
import type { AdminApi } from './gateway/admin-api.ts';

/** An execution in the state table; `dropped` is the reason if an event was ignored. */
export type Row = ExecutionRow & { readonly dropped?: string };

/** Reads the state table and the vault of a hub, as the root of its account. */
export interface HubInspector {
  /** Every execution of a control on a resource, oldest first. */
  executions(control: string, id: string): Promise<Row[]>;
  /** Every event that was ignored. */
  dropped(): Promise<Row[]>;
  /** Whether an execution holds the lock of a control on a resource. */
  lockHeld(control: string, id: string): Promise<boolean>;
  /** Waits until an execution of a control on a resource, admitted after a time, is settled and its records are written. */
  settled(control: string, id: string, after: Date, seconds?: number): Promise<Row>;
  /** Waits until no event and no execution is in progress, except executions that wait for approval. */
  quiet(seconds?: number): Promise<void>;
  /** The records of an execution in the vault, oldest first. */
  records(execution: Row): Promise<EvidenceRecord[]>;
}

/** A connection to a local AWS, from its own process or from a test. */
export interface Connection {
  readonly deployment: Deployment;
  readonly gateway: AdminApi & { readonly url: string };
}

/** Opens an inspector of the hub. */
export function inspectHub({ gateway, deployment }: Connection): HubInspector {
  const { table: TableName, vault: Bucket } = storesOf(deployment.outputs);
  const client = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
  const table = DynamoDBDocument.from(new DynamoDB(client));
  const s3 = new S3(client);
  const machines = new SFN(client);
  const stateMachineArn = `arn:aws:states:${hub.region}:${hub.account}:stateMachine:${names.machine}`;

  const scan = async (prefix: string): Promise<Row[]> => {
    const rows: Row[] = [];
    let ExclusiveStartKey: Record<string, unknown> | undefined;
    do {
      const page = await table.scan({ TableName, ConsistentRead: true, ExclusiveStartKey });
      rows.push(...((page.Items ?? []).filter(({ pk }) => String(pk).startsWith(prefix)) as Row[])); // the prefix of the key decides the type
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return rows;
  };
  const executions = async (control: string, id: string) =>
    (await scan('execution#'))
      .filter((row) => row.control === control && row.target?.id === id)
      .sort((a, b) => a.admittedAt.localeCompare(b.admittedAt));

  /** The table has a record shortly before the vault. */
  const written = async ({ records = [] }: Row): Promise<boolean> => {
    const there = records.map(({ key }) => s3.headObject({ Bucket, Key: key }).then(() => true, absent));
    return (await Promise.all(there)).every(Boolean);
  };

  return {
    executions,
    dropped: async () => (await scan('execution#')).filter(({ dropped }) => dropped),
    lockHeld: async (control, id) =>
      (await scan(`lock#${control}#`)).some((row) => String(Reflect.get(row, 'pk')).endsWith(`#${id}`)),
    async settled(control, id, after, seconds = 60) {
      for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(200)) {
        const found = (await executions(control, id)).find(
          (row) => row.phase === 'settled' && row.conclusion && Date.parse(row.admittedAt) >= after.getTime(),
        );
        if (found && (await written(found))) return found;
      }
      throw new Error(`${control} on ${id} has no outcome after ${seconds} s. See .sandbox/ministack.log.`);
    },
    async quiet(seconds = 60) {
      let quietChecks = 0;
      for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(150)) {
        await gateway.settled();
        const { executions: running } = await machines.listExecutions({ stateMachineArn, statusFilter: 'RUNNING' });
        const waiting = (await scan('execution#')).filter(({ phase }) => phase === 'awaiting-approval');
        quietChecks = running?.length === waiting.length ? quietChecks + 1 : 0;
        if (quietChecks === 3) return;
      }
      throw new Error(`Executions are still running after ${seconds} s.`);
    },
    records: ({ records = [] }) =>
      Promise.all(
        records.map(async ({ key }) => {
          const { Body } = await s3.getObject({ Bucket, Key: key });
          return JSON.parse((await Body?.transformToString()) ?? '') as EvidenceRecord; // only Evenkeel writes there
        }),
      ),
  };
}

function absent(error: unknown): false {
  if (error instanceof Error && error.name === 'NotFound') return false;
  throw error;
}

/** The names of the hub's state table and evidence vault, from the stack's outputs. */
export function storesOf(outputs: Deployment['outputs']): { table: string; vault: string } {
  const { StateTable: table, EvidenceVault: vault } = outputs['evenkeel-hub'] ?? {};
  if (!table || !vault) throw new Error('The hub stack has no outputs StateTable and EvidenceVault.');
  return { table, vault };
}

/** The URL of the hub's API. AWS gives each API its own host, the emulator a path. */
export function decisionApi({ gateway, deployment }: Connection): string {
  const [, api] = /^https:\/\/([^.]+)\./.exec(deployment.outputs[names.hubStack]?.DecisionApi ?? '') ?? [];
  if (!api) throw new Error('The hub stack has no output DecisionApi.');
  return `${gateway.url}/_aws/execute-api/${api}/$default`;
}
