import { Athena } from '@aws-sdk/client-athena';
import { Glue } from '@aws-sdk/client-glue';
import { S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savedQueries } from '../../lib/evidence/athena/queries.ts';
import { isCommand, summaryOf } from '../../lib/evidence/audit-report/execution-summary.ts';
import { executionsIn } from '../../lib/evidence/audit-report/read-executions.ts';
import { Statistics } from '../../lib/evidence/audit-report/statistics.ts';
import { plusDays } from '../../lib/model/time.ts';
import { rootOf } from '../../sandbox/accounts.ts';
import { type Emulators, startEmulators } from '../../sandbox/emulators.ts';
import { type Gateway, startGateway } from '../../sandbox/gateway/index.ts';
import { executionOf, MemoryVault, type RecordFields } from '../evidence/audit-report/vault.ts';
import { example, get, synthesise } from '../stacks/synth.ts';
import { runQuery } from './run-query.ts';

// DuckDB runs the saved queries on records in a bucket, with the Glue table of the hub stack.
const [account, Bucket, WorkGroup] = ['333333333333', 'evidence-to-query', 'queries'];
const today = new Date().toISOString().slice(0, 10);
const at = (daysAgo: number, time: string) => `${plusDays(today, -daysAgo)}T${time}.000Z`;

const plan = (daysAgo: number, more: Partial<RecordFields> = {}): RecordFields => ({
  ...{ phase: 'plan', at: at(daysAgo, '10:00:00'), verdict: { violation: 'It is open.' } },
  ...{ before: { Nested: { List: [1] } }, desired: {}, patch: [{ op: 'remove', path: '/Nested' }] },
  ...{ templateSource: { stack: 'shop', logicalId: 'Invoices' }, lastUse: [{ what: 'AKIA1' }] },
  ...more,
});
const end = (
  daysAgo: number,
  outcome: RecordFields['outcome'],
  time = '10:00:02',
  more: Partial<RecordFields> = {},
): RecordFields => ({
  ...{
    phase: outcome === 'repaired' ? 'repair' : 'outcome',
    at: at(daysAgo, time),
    outcome,
    reason: `It was ${outcome}.`,
  },
  ...more,
});
const on = (id: string, more: Partial<RecordFields> = {}): Partial<RecordFields> => ({
  target: { account: '222222222222', region: 'eu-west-1', partition: 'aws', id },
  ...more,
});
const all = (more: Partial<RecordFields>, ...fields: readonly RecordFields[]) =>
  fields.map((one) => ({ ...one, ...more }));

const maria = { type: 'IAMUser', arn: 'arn:aws:iam::222222222222:user/maria' };
const service = { type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' };
const elsewhere = { target: { account: '444444444444', region: 'eu-west-1', partition: 'aws', id: 'b' } };
const platform = { owner: { name: 'platform-team', from: 'config account' } } as const;
const exception = {
  ...{ id: 'EX-1', control: 's3-block-public-access', owner: 'payments-team', reason: 'A "vendor", until May' },
  ...{ ticket: 'RISK-1', approver: 'ciso', expires: '2099-12-31' },
};
const decision = {
  ...{ verdict: 'approved' as const, by: 'user/111111111111/anna', identity: 'arn:aws:iam::111111111111:user/anna' },
  ...{ reason: 'Go.', plan: 'a'.repeat(64) },
};
const halt = { kind: 'halt', by: 'user/111111111111/anna', identity: 'arn:anna', reason: 'INC-77' } as const;

const records = [
  ...executionOf('fast', ...all(on('a', { actor: maria }), plan(9), end(9, 'repaired'))),
  ...executionOf('slow', ...all({ ...elsewhere, ...platform }, plan(8), end(8, 'repaired', '10:00:06'))),
  ...executionOf('again', ...all(on('a', { actor: service }), plan(7), end(7, 'escalated'))),
  ...executionOf('exempt', ...all(on('c', { exception }), plan(6), end(6, 'exempt'))),
  ...executionOf(
    'approved',
    ...all(on('d'), plan(5), { phase: 'decision', at: at(5, '11:00:00'), decision }, end(5, 'repaired', '11:00:02')),
  ),
  ...executionOf('waiting', ...all(on('e'), plan(4))),
  ...executionOf('found', ...all(on('f'), plan(3), end(3, 'observed'))),
  ...executionOf('fixed-by-hand', ...all(on('f'), end(2, 'compliant', '10:00:00', { verdict: 'compliant' }))),
  ...executionOf(
    'halted',
    ...all(
      { control: '*', ...on('*') },
      { phase: 'command', at: at(1, '09:00:00'), command: halt, outcome: 'accepted' },
    ),
  ),
  ...executionOf('long-ago', ...all(on('z', { actor: maria }), plan(120), end(120, 'escalated'))),
];

// The first rollback restored a violation; the second one was rejected.
const rollback = { execution: 'fast', holdDays: 7 };
const undone = { phase: 'plan', at: at(2, '12:00:00'), verdict: { violation: 'It would be open.' } } as const;
records.push(
  ...executionOf(
    'undone',
    ...all(
      on('g', { rollback }),
      undone,
      end(2, 'rolled-back', '12:00:02', { verdict: { violation: 'It is open again.' } }),
    ),
  ),
  ...executionOf('not-undone', ...all(on('h', { rollback }), undone, end(2, 'rejected', '13:00:00'))),
);

let gateway: Gateway;
let emulators: Emulators;
let athena: Athena;

beforeAll(async () => {
  gateway = await startGateway({ ministack: () => emulators.ministack, moto: () => emulators.moto });
  emulators = await startEmulators({ gatewayUrl: new URL(gateway.url), logPrefix: 'queries-test-' });
  const as = { endpoint: gateway.url, region: 'us-east-1', credentials: rootOf(account), maxAttempts: 1 };
  const [s3, glue] = [new S3({ ...as, forcePathStyle: true }), new Glue(as)];
  athena = new Athena(as);
  await s3.createBucket({ Bucket });
  for (const { key, body } of records) await s3.putObject({ Bucket, Key: key, Body: body });
  const hub = get(synthesise(example()), 'Hub');
  const vault = hub.arn('AWS::S3::Bucket', 'VaultBucket').split(':').at(-1) ?? '';
  const { DatabaseName, TableInput } = hub.one('AWS::Glue::Table').Properties;
  await glue.createDatabase({ DatabaseInput: { Name: DatabaseName } });
  await glue.createTable({
    DatabaseName,
    TableInput: JSON.parse(JSON.stringify(TableInput).replaceAll(vault, Bucket)),
  });
  await athena.createWorkGroup({
    Name: WorkGroup,
    Configuration: { ResultConfiguration: { OutputLocation: `s3://${Bucket}/results/` } },
  });
}, 120_000);
afterAll(async () => {
  await emulators.stop();
  await gateway.stop();
});

async function query(name: string, ...ExecutionParameters: string[]) {
  const QueryString = savedQueries.find((saved) => saved.name === name)?.sql ?? name;
  return runQuery(athena, { QueryString, WorkGroup, ...(ExecutionParameters.length > 0 && { ExecutionParameters }) });
}

describe('the saved queries', () => {
  it('return rows with their columns', async () => {
    for (const { name, sql } of savedQueries) {
      const rows = await query(name, ...(sql.includes('?') ? ["'user/maria'"] : []));
      expect(rows.length, name).toBeGreaterThan(0);
    }
  });

  it('list the same open violations as an audit report', async () => {
    const statistics = new Statistics();
    const vault = new MemoryVault();
    vault.add(today, records);
    for await (const found of executionsIn(vault, { from: plusDays(today, -90), to: today }, () => {})) {
      const one = summaryOf(found);
      if (!isCommand(one)) statistics.add(one);
    }
    const rows = await query('Open violations');
    expect(rows.map(({ resource, outcome, execution }) => [resource, outcome, execution])).toEqual(
      statistics.violationsAtEnd(false).kept.map(({ target, status, execution }) => [target.id, status, execution]),
    );
    expect(rows.map(({ execution }) => execution)).toEqual(['again', 'waiting', 'undone']);
    expect(rows[0]).toMatchObject({ owner: 'payments-team', violation: 'It is open.', reason: 'It was escalated.' });
  });

  it('list approvals with the actor of the change', async () => {
    expect(await query('Approvals and rejections')).toEqual([
      expect.objectContaining({ verdict: 'approved', person: 'user/111111111111/anna', reason: 'Go.', resource: 'd' }),
    ]);
  });

  it('list operator commands with their reason', async () => {
    expect(await query('Operator commands')).toEqual([
      expect.objectContaining({ kind: 'halt', person: 'user/111111111111/anna', reason: 'INC-77', control: '*' }),
    ]);
  });

  it('count repairs by owner across accounts', async () => {
    const rows = await query('Repairs by owner');
    expect(rows.map(({ owner, repairs, resources }) => [owner, repairs, resources])).toEqual([
      ['payments-team', '2', '2'],
      ['platform-team', '1', '1'],
    ]);
    expect(rows[1]).toMatchObject({ median_seconds: '6.0', longest_seconds: '6.0' });
  });

  it('list used exceptions with their approver', async () => {
    expect(await query('Used exceptions')).toEqual([
      expect.objectContaining({ exception: 'EX-1', approver: 'ciso', reason: 'A "vendor", until May', uses: '1' }),
    ]);
  });

  it('measure the time to repair, including the wait for an approval', async () => {
    const [row] = await query('Time to repair by control');
    expect(row).toMatchObject({ control: 's3-block-public-access', repairs: '3', longest_seconds: '3602.0' });
  });

  it('list the violations of one actor in the last 90 days', async () => {
    const rows = await query('Violations by actor', "'user/maria'");
    expect(rows.map(({ execution, actor }) => [execution, actor])).toEqual([['fast', maria.arn]]);
    expect((await query('Violations by actor', "'autoscaling'")).map(({ execution }) => execution)).toEqual(['again']);
  });
});

describe('the table', () => {
  const one = (columns: string) =>
    runQuery(athena, {
      QueryString: `SELECT ${columns} FROM evenkeel.evidence WHERE execution = 'fast' AND n = 1`,
      WorkGroup,
    });

  it('has states as JSON, and the day from the key', async () => {
    expect(await one('before, patch, verdict, templatesource.logicalid AS logical, lastuse AS last_use, day')).toEqual([
      {
        before: '{"Nested":{"List":[1]}}',
        patch: '[{"op":"remove","path":"/Nested"}]',
        verdict: '{"violation":"It is open."}',
        logical: 'Invoices',
        last_use: '[{"what":"AKIA1"}]',
        day: plusDays(today, -9).replaceAll('-', '/'),
      },
    ]);
  });

  it('returns the records of the selected days', async () => {
    const rows = await runQuery(athena, {
      QueryString: `SELECT count(*) AS records FROM evenkeel.evidence WHERE day < '${plusDays(today, -90).replaceAll('-', '/')}'`,
      WorkGroup,
    });
    expect(rows).toEqual([{ records: '2' }]);
  });
});
