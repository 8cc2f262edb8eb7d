import type { Cases } from './cases.ts';

export const cases: Cases = {
  valid: [
    { name: 'encrypted, in a template', state: { StorageEncrypted: true } },
    {
      name: 'encrypted with a key in the account',
      state: { StorageEncrypted: true, StorageEncryptionType: 'sse-kms' },
    },
    {
      name: 'encrypted with an AWS owned key, for which StorageEncrypted is false',
      state: { StorageEncrypted: false, StorageEncryptionType: 'sse-rds' },
      aws: {
        verdict: 'NON_COMPLIANT',
        source: 'https://docs.aws.amazon.com/config/latest/developerguide/rds-storage-encrypted.html',
      },
    },
  ],
  invalid: [
    { name: 'not encrypted, in a template', state: { StorageEncrypted: false }, violation: /not encrypted/ },
    {
      name: 'not encrypted, in an account',
      state: { StorageEncrypted: false, StorageEncryptionType: 'none' },
      violation: 'The storage of the DB instance is not encrypted.',
    },
    { name: 'not set: not encrypted by default', state: {}, violation: /not encrypted/ },
  ],
  // Encryption is set when an instance is created, so the instance is created without it.
  live: {
    create: [],
    break: [
      {
        call: 'rds:createDBInstance',
        input: {
          DBInstanceIdentifier: '{name}',
          DBInstanceClass: 'db.t3.micro',
          Engine: 'postgres',
          AllocatedStorage: 20,
          MasterUsername: 'keel',
          ManageMasterUserPassword: true,
          PubliclyAccessible: false,
          StorageEncrypted: false,
        },
      },
    ],
    id: '{name}',
    remove: [{ call: 'rds:deleteDBInstance', input: { DBInstanceIdentifier: '{name}', SkipFinalSnapshot: true } }],
  },
};
