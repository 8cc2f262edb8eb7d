import { describe, expect, it } from 'vitest';
import type { Decision } from '../../lib/evidence/record.ts';
import { type ApprovalState, approversNeeded, conflictOfInterest, isApproved } from '../../lib/governance/approval.ts';

const user = (name: string) => ({ type: 'IAMUser', arn: `arn:aws:iam::111111111111:user/${name}` });
const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => `user/111111111111/${name}`) as [
  string,
  string,
  string,
];
const by = (person: string, over: Partial<Decision> = {}): Decision => ({
  verdict: 'approved',
  by: person,
  identity: `arn of ${person}`,
  reason: 'a test',
  plan: 'p',
  ...over,
});
const question = (over: Partial<ApprovalState> = {}): ApprovalState => ({
  actors: [user('alice')],
  approvers: 1,
  exceptionOwners: [],
  plan: 'p',
  expires: 1000,
  decisions: [],
  ...over,
});

describe('how many must approve', () => {
  it.each([
    ['one, where it is known who caused it', [user('alice')], 1],
    ['two, where nobody is known', [], 2],
    ['two, where a service did it', [{ type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' }], 2],
    ['two, where a service did it for somebody', [{ ...user('alice'), invokedBy: 'cloudformation.amazonaws.com' }], 2],
    [
      'two, where one of several is not known',
      [user('alice'), { type: 'AssumedRole', arn: 'arn:aws:sts::111111111111:assumed-role/ci/x' }],
      2,
    ],
    ['one, where all of several are known', [user('alice'), user('bob')], 1],
  ])('%s', (_, actors, needed) => {
    expect(approversNeeded({ actors, approvers: 1 })).toBe(needed);
  });

  it('two, where the config asks for two', () => {
    expect(approversNeeded({ actors: [user('alice')], approvers: 2 })).toBe(2);
  });
});

describe('who may approve', () => {
  const refused = (over: Partial<ApprovalState>, person: string | undefined, plan = 'p', now = 0) =>
    conflictOfInterest(question(over), person, 'approved', plan, now);

  it('somebody else than who caused it', () => {
    expect(refused({}, bob)).toBeUndefined();
    expect(refused({}, alice)).toMatch(/you caused/);
  });

  it('nobody of several who caused it, nor for whom a service did it', () => {
    expect(refused({ actors: [user('bob'), user('alice')] }, alice)).toMatch(/you caused/);
    expect(refused({ actors: [{ ...user('alice'), invokedBy: 'cloudformation.amazonaws.com' }] }, alice)).toMatch(
      /you caused/,
    );
  });

  it('the same person under another identity does not', () => {
    const identities = { alice: [alice, 'user/222222222222/alice'] };
    expect(refused({ identities }, 'alice')).toMatch(/you caused/);
  });

  it.each([['alice@example.com'], ['SSO/alice@example.com']])('not the owner of an exception, written %s', (owner) => {
    expect(refused({ exceptionOwners: [owner] }, 'sso/alice@example.com')).toMatch(/own an exception/);
    expect(refused({ exceptionOwners: [owner] }, 'sso/malice@example.com')).toBeUndefined();
  });

  it('nobody who is not known', () => {
    expect(refused({}, undefined)).toMatch(/which person/);
  });

  it('nobody after the request has expired, to the millisecond', () => {
    expect(refused({}, bob, 'p', 999)).toBeUndefined();
    expect(refused({}, bob, 'p', 1000)).toMatch(/expired/);
  });

  it('nobody for a plan that has changed', () => {
    expect(refused({}, bob, 'old')).toMatch(/plan has changed/);
  });

  it('nobody twice', () => {
    expect(refused({ decisions: [by(bob)] }, bob)).toMatch(/already/);
    expect(refused({ decisions: [by(bob, { plan: 'old' })] }, bob)).toBeUndefined();
  });

  it('and whoever caused it may reject', () => {
    expect(conflictOfInterest(question(), alice, 'rejected', 'p', 0)).toBeUndefined();
    expect(conflictOfInterest(question(), undefined, 'rejected', 'p', 0)).toMatch(/which person/);
  });
});

describe('a plan is approved', () => {
  it('by as many different people as it needs', () => {
    const two = { actors: [] };
    expect(isApproved(question({ decisions: [by(bob)] }))).toBe(true);
    expect(isApproved(question({ ...two, decisions: [by(bob)] }))).toBe(false);
    expect(isApproved(question({ ...two, decisions: [by(bob), by(bob)] }))).toBe(false);
    expect(isApproved(question({ ...two, decisions: [by(bob), by(carol)] }))).toBe(true);
  });

  it('by nobody of whom it is learnt afterwards that he caused it, or owns an exception', () => {
    const early = { decisions: [by(alice)] }; // AWS Config told of the change first, and named nobody
    expect(isApproved(question({ actors: [], ...early }))).toBe(false);
    expect(isApproved(question({ actors: [user('alice')], ...early }))).toBe(false);
    expect(isApproved(question({ actors: [user('alice')], decisions: [by(alice), by(bob)] }))).toBe(true);
    const two = { approvers: 2, decisions: [by(alice), by(bob)] } as const;
    expect(isApproved(question({ ...two, actors: [user('alice')] }))).toBe(false);
    expect(isApproved(question({ ...two, actors: [user('carol')] }))).toBe(true);
    expect(isApproved(question({ ...two, actors: [user('carol')], exceptionOwners: ['bob'] }))).toBe(false);
  });

  it('by nobody who approved another plan, or rejected this one', () => {
    expect(isApproved(question())).toBe(false);
    expect(isApproved(question({ decisions: [by(bob, { plan: 'old' })] }))).toBe(false);
    expect(isApproved(question({ decisions: [by(bob, { verdict: 'rejected' })] }))).toBe(false);
  });
});
