import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { names } from '../config/names.ts';
import { functionsThatWriteTable } from '../stacks/functions.ts';
import { deny, except } from './evidence-policy.ts';
import { functionRoleArn, type VaultAdministrators } from './vault-administrators.ts';

/** The table of executions and locks. It outlives the stack, because it lists the evidence that must exist. */
export const stateTable = (scope: Construct, { deployment, breakGlass }: VaultAdministrators): TableV2 =>
  new TableV2(scope, 'Table', {
    // A later step writes the records that an earlier one registered here, so only functions may write. A table cannot name
    // itself in its own policy.
    resourcePolicy: new PolicyDocument({
      statements: [
        deny(
          'WrittenByFunctions',
          WRITES,
          ['*'],
          except(...functionsThatWriteTable.map((step) => functionRoleArn(scope, step)), breakGlass),
        ),
        deny('Kept', SETTINGS, ['*'], except(deployment, breakGlass)),
      ],
    }),
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    globalSecondaryIndexes: [
      {
        indexName: names.undigestedIndex,
        partitionKey: { name: names.undigestedIndex, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      },
      {
        indexName: names.openIndex,
        partitionKey: { name: names.openIndex, type: AttributeType.STRING },
        sortKey: { name: 'pk', type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      },
    ],
    timeToLiveAttribute: 'ttl',
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });

const WRITES = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];

const SETTINGS = ['dynamodb:PutResourcePolicy', 'dynamodb:DeleteResourcePolicy', 'dynamodb:DeleteTable'];
