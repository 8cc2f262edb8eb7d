import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { names } from '../config/names.ts';
import { evidenceColumns, spellings } from '../evidence/athena/columns.ts';
import { DATABASE, savedQueries, TABLE } from '../evidence/athena/queries.ts';
import type { EvidenceVault } from './evidence-vault.ts';

const GIGABYTE = 1_000_000_000;

/**
 * Lets people ask the evidence by SQL in the console. Nothing is crawled, and nobody gets a right by it: who asks needs rights of
 * their own on Athena, the Glue table, the vault with its key, and the bucket of results.
 */
export class Athena extends Construct {
  constructor(scope: Construct, id: string, vault: EvidenceVault) {
    super(scope, id);
    const { account } = Stack.of(this);
    const database = new CfnDatabase(this, 'Database', {
      catalogId: account,
      databaseInput: { name: DATABASE, description: 'The evidence of Evenkeel' },
    });
    const table = new CfnTable(this, 'Table', {
      catalogId: account,
      databaseName: DATABASE,
      tableInput: tableInput(vault.bucket.bucketName),
    });
    table.addResourceDependency(database);
    const workGroup = new CfnWorkGroup(this, 'WorkGroup', {
      name: names.workGroup,
      description: 'Questions to the evidence of Evenkeel',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        // Records are small: a question that reads more than this forgot to name its days.
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

/** What questions answered is a copy of evidence, and goes after a month. */
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
    reason: 'It holds answers for a month; who read the evidence itself stands in the access logs of the vault.',
  });
  return bucket;
}

/** Athena computes the folder of a day from its name; the account is a column, so that one question spans all of them. */
function tableInput(bucket: string): CfnTable.TableInputProperty {
  const mapping = Object.entries(spellings()).map(([column, key]) => [`mapping.${column}`, key]);
  return {
    name: TABLE,
    description: 'One row for each evidence record',
    tableType: 'EXTERNAL_TABLE',
    partitionKeys: [{ name: 'day', type: 'string', comment: 'The day of writing in UTC, as yyyy/MM/dd' }],
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
        // Else the names of properties inside states would be put into lower case.
        parameters: { 'case.insensitive': 'FALSE', ...Object.fromEntries(mapping) },
      },
    },
  };
}
