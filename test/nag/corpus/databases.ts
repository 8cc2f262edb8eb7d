import { booleans, type Case, type Choices, caseOf, present, product } from './case.ts';

const engines: Choices = { mysql: 'mysql', 'aurora-mysql': 'aurora-mysql', absent: undefined };

/** DB instances by their address. */
export const publicDatabases = (): Case[] =>
  product({ PubliclyAccessible: booleans, Engine: engines }).map((features, index) => {
    const Properties = present({
      PubliclyAccessible: booleans[features.PubliclyAccessible ?? ''],
      Engine: engines[features.Engine ?? ''],
    });
    return caseOf(`C${index}`, features, { It: { Type: 'AWS::RDS::DBInstance', Properties } }, 'It');
  });

const sources: { readonly [source: string]: { readonly [property: string]: string | { readonly Ref: string } } } = {
  nothing: {},
  'a snapshot': { DBSnapshotIdentifier: 'before' },
  'another instance': { SourceDBInstanceIdentifier: 'primary' },
  'another one of the template': { SourceDBInstanceIdentifier: { Ref: 'Primary' } },
  'a cluster': { DBClusterIdentifier: 'cluster' },
  'a cluster of the template': { DBClusterIdentifier: { Ref: 'Cluster' } },
  'a key': { KmsKeyId: 'alias/database' },
};
const others = {
  Primary: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'mysql', StorageEncrypted: true } },
  Cluster: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-mysql', StorageEncrypted: true } },
};

/** DB instances by their encryption, and by what they are made of. */
export const encryptedDatabases = (): Case[] =>
  product({ StorageEncrypted: booleans, Engine: engines, 'made of': sources }).map((features, index) => {
    const Properties = present({
      StorageEncrypted: booleans[features.StorageEncrypted ?? ''],
      Engine: engines[features.Engine ?? ''],
      ...sources[features['made of'] ?? ''],
    });
    return caseOf(`C${index}`, features, { It: { Type: 'AWS::RDS::DBInstance', Properties }, ...others }, 'It');
  });
