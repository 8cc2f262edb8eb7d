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
const request = (over: Partial<ApprovalState> = {}): ApprovalState => ({
  actors: [user('alice')],
  approvers: 1,
  exceptionOwners: [],
  plan: 'p',
  expires: 1000,
  decisions: [],
  ...over,
});

describe('the number of required approvers', () => {
  it.each([
    ['is one when the cause is known', [user('alice')], 1],
    ['is two when the cause is unknown', [], 2],
    ['is two when a service made the change', [{ type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' }], 2],
    [
      'is two when a service made the change on behalf of a person',
      [{ ...user('alice'), invokedBy: 'cloudformation.amazonaws.com' }],
      2,
    ],
    [
      'is two when one of several causes is unknown',
      [user('alice'), { type: 'AssumedRole', arn: 'arn:aws:sts::111111111111:assumed-role/ci/x' }],
      2,
    ],
    ['is one when all of several causes are known', [user('alice'), user('bob')], 1],
  ])('%s', (_, actors, needed) => {
    expect(approversNeeded({ actors, approvers: 1 })).toBe(needed);
  });

  it('is two when the configuration requires two', () => {
    expect(approversNeeded({ actors: [user('alice')], approvers: 2 })).toBe(2);
  });
});

describe('an approval', () => {
  const refused = (over: Partial<ApprovalState>, person: string | undefined, plan = 'p', now = 0) =>
    conflictOfInterest(request(over), person, 'approved', plan, now);

  it('is accepted from a person who did not cause the change', () => {
    expect(refused({}, bob)).toBeUndefined();
    expect(refused({}, alice)).toEqual({ code: 'own-change' });
  });

  it('is refused from each of several causes, and from a person on whose behalf a service acted', () => {
    expect(refused({ actors: [user('bob'), user('alice')] }, alice)).toEqual({ code: 'own-change' });
    expect(refused({ actors: [{ ...user('alice'), invokedBy: 'cloudformation.amazonaws.com' }] }, alice)).toEqual({
      code: 'own-change',
    });
  });

  it('is refused from the same person under another identity', () => {
    const identities = { alice: [alice, 'user/222222222222/alice'] };
    expect(refused({ identities }, 'alice')).toEqual({ code: 'own-change' });
  });

  it.each([['alice@example.com'], ['SSO/alice@example.com']])(
    'is refused from the owner of an exception, written %s',
    (owner) => {
      expect(refused({ exceptionOwners: [owner] }, 'sso/alice@example.com')).toEqual({ code: 'own-exception' });
      expect(refused({ exceptionOwners: [owner] }, 'sso/malice@example.com')).toBeUndefined();
    },
  );

  it('is refused from an unknown person', () => {
    expect(refused({}, undefined)).toEqual({ code: 'person-unknown' });
  });

  it('is refused from the millisecond at which the request expires', () => {
    expect(refused({}, bob, 'p', 999)).toBeUndefined();
    expect(refused({}, bob, 'p', 1000)).toEqual({ code: 'request-expired' });
  });

  it('is refused for a plan that has changed', () => {
    expect(refused({}, bob, 'old')).toEqual({ code: 'plan-changed' });
  });

  it('is refused from a person who has approved', () => {
    expect(refused({ decisions: [by(bob)] }, bob)).toEqual({ code: 'already-approved' });
    expect(refused({ decisions: [by(bob, { plan: 'old' })] }, bob)).toBeUndefined();
  });

  it('may be replaced by a rejection from the person who caused the change', () => {
    expect(conflictOfInterest(request(), alice, 'rejected', 'p', 0)).toBeUndefined();
    expect(conflictOfInterest(request(), undefined, 'rejected', 'p', 0)).toEqual({ code: 'person-unknown' });
  });
});

describe('a plan', () => {
  it('is approved by as many different people as it needs', () => {
    const two = { actors: [] };
    expect(isApproved(request({ decisions: [by(bob)] }))).toBe(true);
    expect(isApproved(request({ ...two, decisions: [by(bob)] }))).toBe(false);
    expect(isApproved(request({ ...two, decisions: [by(bob), by(bob)] }))).toBe(false);
    expect(isApproved(request({ ...two, decisions: [by(bob), by(carol)] }))).toBe(true);
  });

  it('is not approved by a person who later turns out to have caused the change or to own an exception', () => {
    const early = { decisions: [by(alice)] }; // AWS Config reported the change first, without an identity
    expect(isApproved(request({ actors: [], ...early }))).toBe(false);
    expect(isApproved(request({ actors: [user('alice')], ...early }))).toBe(false);
    expect(isApproved(request({ actors: [user('alice')], decisions: [by(alice), by(bob)] }))).toBe(true);
    const two = { approvers: 2, decisions: [by(alice), by(bob)] } as const;
    expect(isApproved(request({ ...two, actors: [user('alice')] }))).toBe(false);
    expect(isApproved(request({ ...two, actors: [user('carol')] }))).toBe(true);
    expect(isApproved(request({ ...two, actors: [user('carol')], exceptionOwners: ['bob'] }))).toBe(false);
  });

  it('is not approved by a decision about another plan or by a rejection', () => {
    expect(isApproved(request())).toBe(false);
    expect(isApproved(request({ decisions: [by(bob, { plan: 'old' })] }))).toBe(false);
    expect(isApproved(request({ decisions: [by(bob, { verdict: 'rejected' })] }))).toBe(false);
  });
});
