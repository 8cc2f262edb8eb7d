import { describe, expect, it } from 'vitest';
import { personOf, personOfActor } from '../../lib/config/identities.ts';

const sso = (account: string, set: string, region = 'eu-west-1/') => ({
  arn: (session: string) => `arn:aws:sts::${account}:assumed-role/AWSReservedSSO_${set}_0123456789abcdef/${session}`,
  role: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${region}AWSReservedSSO_${set}_0123456789abcdef`,
});
const admin = sso('111111111111', 'Admin');
const reader = sso('222222222222', 'ReadOnly', '');

describe('the person behind an identity', () => {
  it.each([
    ['arn:aws:iam::111111111111:user/alice', 'user/111111111111/alice'],
    ['arn:aws:iam::111111111111:user/teams/payments/alice', 'user/111111111111/alice'],
    ['arn:aws-us-gov:iam::111111111111:user/alice', 'user/111111111111/alice'],
  ])('of %s is an IAM user, with or without a path', (arn, person) => {
    expect(personOf(arn, undefined)).toBe(person);
  });

  it('is the same with two permission sets in two accounts, in upper or lower case', () => {
    const person = personOf(admin.arn('alice@example.com'), admin.role);
    expect(person).toBe('sso/alice@example.com');
    expect(personOf(reader.arn('Alice@Example.com'), reader.role)).toBe(person);
  });

  it.each([
    ['a session whose role AWS does not report', admin.arn('alice@example.com'), undefined],
    [
      'a role with the name of an Identity Center role but another path',
      admin.arn('alice'),
      `arn:aws:iam::111111111111:role/AWSReservedSSO_Admin_0123456789abcdef`,
    ],
    ['the role of another account', admin.arn('alice'), reader.role],
    ['another role of the account', admin.arn('alice'), sso('111111111111', 'Other').role],
    ['a role under another path', admin.arn('alice'), admin.role.replace('role/', 'role/mine/')],
    [
      'the session of another role, because the caller chooses its name',
      'arn:aws:sts::111111111111:assumed-role/deploy/alice',
      'arn:aws:iam::111111111111:role/deploy',
    ],
    ['the root user, which several people can share', 'arn:aws:iam::111111111111:root', undefined],
    ['a federated user', 'arn:aws:sts::111111111111:federated-user/alice', undefined],
    ['an unknown caller', undefined, undefined],
    ['a text that is not an ARN', 'alice', undefined],
  ])('is undefined for %s', (_, arn, role) => {
    expect(personOf(arn, role)).toBeUndefined();
  });

  it('is the name in the config for every identity that it lists', () => {
    const identities = { alice: ['user/111111111111/alice', 'SSO/alice@example.com'] };
    expect(personOf(admin.arn('alice@example.com'), admin.role, identities)).toBe('alice');
    expect(personOfActor({ type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/alice' }, identities)).toBe('alice');
    expect(personOf('arn:aws:iam::222222222222:user/alice', undefined, identities)).toBe('user/222222222222/alice');
  });
});
