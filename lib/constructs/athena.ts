import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { names } from '../config/names.ts';
import { evidenceColumns, mixedCaseKeys } from '../evidence/athena/columns.ts';
import { DATABASE, savedQueries, TABLE } from '../evidence/athena/queries.ts';
import type { EvidenceVault } from './evidence-vault.ts';

const GIGABYTE = 1_000_000_000;

/**
 * SQL queries over the evidence in the Athena console. There is no crawler. It grants no rights: users need their own rights on
 * Athena, the Glue table, the vault and its key, and the results bucket.
 */
export class Athena extends Construct {
  constructor(scope: Construct, id: string, vault: EvidenceVault) {
    super(scope, id);
    const { account } = Stack.of(this);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: account,
      databaseInput: { name: DATABASE, description: 'Evenkeel: the evidence' },
    });
    const table = new CfnTable(this, 'Table', {
      catalogId: account,
      databaseName: DATABASE,
      tableInput: tableInput(vault.bucket.bucketName),
    });
    table.addResourceDependency(database);
    const workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: names.workGroup,
      description: 'Evenkeel: queries over the evidence',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        // Records are small; a query that reads more than this has no filter on the day.
        bytesScannedCutoffPerQuery: 10 * GIGABYTE,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${results(this).bucketName}/`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
          expectedBucketOwner: account,
        },
      },
    });
    for (const { name, description, sql } of savedQueries)
      new CfnNamedQuery(this, name.replaceAll(' ', ''), {
        name,
        description,
        database: DATABASE,
        queryString: sql,
        workGroup: workGroup.name,
      }).addResourceDependency(workGroup);
  }
}

/** The bucket of query results, which are copies of evidence and expire after a month. */
function results(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'Results', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    encryption: BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'It holds query results for a month. The access logs of the vault show who read the evidence.',
  });
  return bucket;
}

/** The table. Athena derives the S3 folder from the day. The account is a column, so one query covers all accounts. */
function tableInput(bucket: string): CfnTable.TableInputProperty {
  const mapping = Object.entries(mixedCaseKeys()).map(([column, key]) => [`mapping.${column}`, key]);
  return {
    name: TABLE,
    description: 'One row for each evidence record',
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [{ name: 'day', type: 'string', comment: 'The day of the record in UTC, as yyyy/MM/dd' }],
    parameters: {
      classification: 'json',
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.format': 'yyyy/MM/dd',
      'projection.day.range': '2026/01/01,NOW',
      'projection.day.interval': '1',
      'projection.day.interval.unit': 'DAYS',
      'storage.location.template': `s3://${bucket}/evidence/\${day}/`,
    },
    storageDescriptor: {
      location: `s3://${bucket}/evidence/`,
      inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
      outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
      columns: evidenceColumns(),
      serdeInfo: {
        serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
        // The default lowers the case of property names inside states.
        parameters: { 'case.insensitive': 'FALSE', ...Object.fromEntries(mapping) },
      },
    },
  };
}
