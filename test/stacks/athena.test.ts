import { TrinoSQL } from 'dt-sql-parser';
import { describe, expect, it } from 'vitest';
import schema from '../../docs/evidence.schema.json' with { type: 'json' };
import { savedQueries } from '../../lib/evidence/athena/queries.ts';
import { example, get, synthesise } from './synth.ts';
import { list } from './template.ts';

const hub = get(synthesise(example()), 'Hub');
const table = hub.one('AWS::Glue::Table').Properties.TableInput;
const columns: readonly { Name: string; Type: string }[] = table.StorageDescriptor.Columns;
const typeOf = (name: string) => columns.find(({ Name }) => Name === name)?.Type;
const vault = hub.arn('AWS::S3::Bucket', 'VaultBucket').split(':').at(-1);

describe('the evidence table', () => {
  it('has exactly one column for each field of the published schema', () => {
    expect(columns.map(({ Name }) => Name)).toEqual(Object.keys(schema.properties).map((name) => name.toLowerCase()));
  });

  it('has structs for fields with one shape, and JSON for the others', () => {
    expect(typeOf('n')).toBe('int');
    expect(typeOf('target')).toBe('struct<account:string,region:string,partition:string,id:string>');
    expect(typeOf('actor')).toMatch(/^struct<.*invokedby:string.*>$/);
    for (const name of ['before', 'after', 'desired', 'patch', 'verdict']) expect(typeOf(name), name).toBe('string');
  });

  it('uses the SerDe that keeps objects as strings, and maps keys with upper-case letters', () => {
    const { SerializationLibrary, Parameters } = table.StorageDescriptor.SerdeInfo;
    expect(SerializationLibrary).toBe('org.openx.data.jsonserde.JsonSerDe');
    expect(Parameters).toEqual({
      'case.insensitive': 'FALSE',
      'mapping.holddays': 'holdDays',
      'mapping.invokedby': 'invokedBy',
      'mapping.lastuse': 'lastUse',
      'mapping.logicalid': 'logicalId',
      'mapping.templatesource': 'templateSource',
    });
  });

  it('finds the folders of days by partition projection', () => {
    expect(table.PartitionKeys.map(({ Name }: { Name: string }) => Name)).toEqual(['day']);
    expect(table.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy/MM/dd',
      'storage.location.template': `s3://${vault}/evidence/\${day}/`,
    });
    expect(table.StorageDescriptor.Location).toBe(`s3://${vault}/evidence/`);
  });
});

describe('the saved queries', () => {
  const parser = new TrinoSQL();

  it.each(savedQueries)('$name is valid Trino SQL and selects days', ({ sql }) => {
    expect(parser.validate(sql)).toEqual([]);
    expect(sql).toContain('day >= ');
    expect(parser.validate(sql.replace('FROM', 'FORM'))).not.toEqual([]);
  });

  it('belong to the work group', () => {
    const queries = hub.all('AWS::Athena::NamedQuery').map(({ Properties }) => Properties);
    expect(queries.map(({ Name }) => Name).sort()).toEqual(savedQueries.map(({ name }) => name).sort());
    for (const { WorkGroup, Database, QueryString } of queries) {
      expect([WorkGroup, Database]).toEqual(['evenkeel', 'evenkeel']);
      expect(QueryString).toContain('FROM evenkeel.evidence');
    }
  });
});

describe('the work group', () => {
  const { WorkGroupConfiguration: group } = hub.one('AWS::Athena::WorkGroup').Properties;

  it('enforces its settings and a cost limit', () => {
    expect(group).toMatchObject({ EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: 10_000_000_000 });
    expect(group.ResultConfiguration.EncryptionConfiguration).toEqual({ EncryptionOption: 'SSE_S3' });
  });

  it('keeps results for 30 days in a private, encrypted bucket', () => {
    const { Properties } = hub.one('AWS::S3::Bucket', 'AthenaResults');
    const name = hub.arn('AWS::S3::Bucket', 'AthenaResults').split(':').at(-1);
    expect(group.ResultConfiguration.OutputLocation).toBe(`s3://${name}/`);
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
    expect(Properties.LifecycleConfiguration.Rules[0]).toMatchObject({ Status: 'Enabled', ExpirationInDays: 30 });
    const { Statement } = hub.one('AWS::S3::BucketPolicy', 'AthenaResults').Properties.PolicyDocument;
    expect(Statement[0]).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  });

  it('gives no function of Evenkeel a right', () => {
    const actions = hub.statements().flatMap(({ Action }) => list(Action));
    expect(actions.filter((action) => /^(athena|glue):/.test(action))).toEqual([]);
  });
});
