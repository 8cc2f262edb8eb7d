import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { SFN } from '@aws-sdk/client-sfn';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import type { ExecutionRow } from '../lambdas/store/execution-row.ts';
import { names } from '../lib/config/names.ts';
import type { EvidenceRecord } from '../lib/evidence/record.ts';
import { hub, rootOf } from './accounts.ts';
import type { AdminApi } from './gateway/admin-api.ts';
import type { LocalAws } from './local-aws.ts';

/** An execution as the state table holds it; `dropped` says why an event led to nothing. */
export type Row = ExecutionRow & { readonly dropped?: string };

/** Looks at the hub from outside, as its account's root: what became of events, and what the vault holds. */
export interface HubInspector {
  /** Every execution of a control on a resource, oldest first. */
  executions(control: string, id: string): Promise<Row[]>;
  /** Every event that was recorded as leading to nothing. */
  dropped(): Promise<Row[]>;
  /** Whether any execution holds the lock of a control on a resource. */
  lockHeld(control: string, id: string): Promise<boolean>;
  /** Waits for an execution of a control on a resource, admitted after a moment, to be settled and its records to be written. */
  settled(control: string, id: string, after: Date, seconds?: number): Promise<Row>;
  /** Waits until no event is under way and no remediation runs, but for those that wait for people. */
  quiet(seconds?: number): Promise<void>;
  /** The records of an execution, oldest first, each as the vault holds it. */
  records(execution: Row): Promise<EvidenceRecord[]>;
}

/** How a world is reached, from its own process or from a test's. */
export interface Connection extends Pick<LocalAws, 'deployment'> {
  readonly gateway: AdminApi & { readonly url: string };
}

/** Opens a watch over a world's hub. */
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
      rows.push(...((page.Items ?? []).filter(({ pk }) => String(pk).startsWith(prefix)) as Row[])); // the key says so
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return rows;
  };
  const executions = async (control: string, id: string) =>
    (await scan('execution#'))
      .filter((row) => row.control === control && row.target?.id === id)
      .sort((a, b) => a.admittedAt.localeCompare(b.admittedAt));

  /** The table knows of a record a moment before the vault has it. */
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
      throw new Error(`${control} on ${id} came to no outcome in ${seconds} s; look into .sandbox/ministack.log.`);
    },
    async quiet(seconds = 60) {
      let still = 0;
      for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(150)) {
        await gateway.settled();
        const { executions: running } = await machines.listExecutions({ stateMachineArn, statusFilter: 'RUNNING' });
        const waiting = (await scan('execution#')).filter(({ phase }) => phase === 'awaiting-approval');
        still = running?.length === waiting.length ? still + 1 : 0;
        if (still === 3) return;
      }
      throw new Error(`Remediations still run after ${seconds} s.`);
    },
    records: ({ records = [] }) =>
      Promise.all(
        records.map(async ({ key }) => {
          const { Body } = await s3.getObject({ Bucket, Key: key });
          return JSON.parse((await Body?.transformToString()) ?? '') as EvidenceRecord; // we alone write there
        }),
      ),
  };
}

function absent(error: unknown): false {
  if (error instanceof Error && error.name === 'NotFound') return false;
  throw error;
}

/** The names of the hub's state table and evidence vault, from the stack's outputs. */
export function storesOf(outputs: LocalAws['deployment']['outputs']): { table: string; vault: string } {
  const { StateTable: table, EvidenceVault: vault } = outputs['evenkeel-hub'] ?? {};
  if (!table || !vault) throw new Error('The hub stack has no outputs StateTable and EvidenceVault.');
  return { table, vault };
}

/** Where the hub's API answers: AWS gives each API a host of its own, the emulator a path. */
export function decisionApi({ gateway, deployment }: Connection): string {
  const [, api] = /^https:\/\/([^.]+)\./.exec(deployment.outputs[names.hubStack]?.DecisionApi ?? '') ?? [];
  if (!api) throw new Error('The hub stack has no output DecisionApi.');
  return `${gateway.url}/_aws/execute-api/${api}/$default`;
}
