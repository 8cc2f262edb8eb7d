import type { Cases } from './cases.ts';

const now = new Date('2026-04-01T00:00:00.000Z');
const created = (date: string, Status: string) => ({ CreateDate: `${date}T00:00:00.000Z`, Status });

export const cases: Cases = {
  valid: [
    { name: 'a user without keys', state: { AccessKeys: {} }, now },
    { name: 'a new key', state: { AccessKeys: { AKIAFRESH: created('2026-03-01', 'Active') } }, now },
    { name: 'exactly 90 days', state: { AccessKeys: { AKIANINETY: created('2026-01-01', 'Active') } }, now },
    { name: 'an inactive old key', state: { AccessKeys: { AKIAOLD: created('2020-01-01', 'Inactive') } }, now },
    {
      name: 'the maximum age of the parameters',
      state: { AccessKeys: { AKIAYEAR: created('2025-06-01', 'Active') } },
      parameters: { maxAgeDays: 365 },
      now,
    },
  ],
  invalid: [
    {
      name: '91 days',
      state: { AccessKeys: { AKIAOLD: created('2025-12-31', 'Active') } },
      now,
      violation: 'Access keys older than 90 days are active: AKIAOLD.',
      desired: { AccessKeys: { AKIAOLD: created('2025-12-31', 'Inactive') } },
    },
    {
      name: 'one old and one new key',
      state: { AccessKeys: { AKIAOLD: created('2020-01-01', 'Active'), AKIANEW: created('2026-03-01', 'Active') } },
      now,
      violation: /: AKIAOLD\.$/,
      desired: { AccessKeys: { AKIAOLD: created('2020-01-01', 'Inactive'), AKIANEW: created('2026-03-01', 'Active') } },
    },
    {
      name: 'two old keys',
      state: { AccessKeys: { AKIAONE: created('2020-01-01', 'Active'), AKIATWO: created('2021-01-01', 'Active') } },
      now,
      violation: /: AKIAONE and AKIATWO\.$/,
      desired: {
        AccessKeys: { AKIAONE: created('2020-01-01', 'Inactive'), AKIATWO: created('2021-01-01', 'Inactive') },
      },
    },
  ],
  live: {
    create: [
      { call: 'iam:createUser', input: { UserName: '{name}' } },
      {
        call: 'iam:createAccessKey',
        input: { UserName: '{name}' },
        save: { key: 'AccessKey.AccessKeyId' },
      },
      { call: 'iam:updateAccessKey', input: { UserName: '{name}', AccessKeyId: '{key}', Status: 'Inactive' } },
      { backdate: '{key}', days: 400 },
    ],
    break: [{ call: 'iam:updateAccessKey', input: { UserName: '{name}', AccessKeyId: '{key}', Status: 'Active' } }],
    id: '{name}',
    remove: [
      { call: 'iam:deleteAccessKey', input: { UserName: '{name}', AccessKeyId: '{key}' } },
      { call: 'iam:deleteUser', input: { UserName: '{name}' } },
    ],
  },
};
