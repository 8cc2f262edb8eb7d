import type { Cases } from './cases.ts';

const instance = {
  DBInstanceIdentifier: '{name}',
  DBInstanceClass: 'db.t3.micro',
  Engine: 'postgres',
  AllocatedStorage: 20,
  MasterUsername: 'keel',
  ManageMasterUserPassword: true,
  StorageEncrypted: true,
};

export const cases: Cases = {
  valid: [{ name: 'no public address', state: { PubliclyAccessible: false } }],
  invalid: [
    {
      name: 'a public address',
      state: { PubliclyAccessible: true },
      violation: 'The DB instance is publicly accessible.',
      desired: { PubliclyAccessible: false },
    },
    {
      name: 'not set: the DB subnet group decides',
      state: {},
      violation: /its DB subnet group decides/,
      desired: { PubliclyAccessible: false },
    },
  ],
  live: {
    create: [{ call: 'rds:createDBInstance', input: { ...instance, PubliclyAccessible: false } }],
    break: [
      {
        call: 'rds:modifyDBInstance',
        input: { DBInstanceIdentifier: '{name}', PubliclyAccessible: true },
      },
    ],
    id: '{name}',
    remove: [{ call: 'rds:deleteDBInstance', input: { DBInstanceIdentifier: '{name}', SkipFinalSnapshot: true } }],
  },
};
