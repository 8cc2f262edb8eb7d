import { type Identities, isSamePerson, personOfActor } from '../config/identities.ts';
import type { Decision } from '../evidence/record.ts';
import type { Actor } from '../model/actor.ts';
import type { Reason } from '../text/reasons.ts';

/** Everything that decides who may approve a plan. */
export interface ApprovalState {
  /** The identities that are known to have caused the violation. */
  readonly actors: readonly Actor[];
  /** The number of approvers that the configuration requires. */
  readonly approvers: 1 | 2;
  /** The owners of exceptions from this control for this resource, expired ones included. */
  readonly exceptionOwners: readonly string[];
  /** SHA-256 of the plan's record. */
  readonly plan: string;
  /** When the approval request expires, in epoch milliseconds. */
  readonly expires: number;
  readonly decisions: readonly Decision[];
  readonly identities?: Identities;
}

/** Returns the number of required approvers: two where the cause is unknown or a service made the call, because one approver may have caused it. */
export function approversNeeded({
  actors,
  approvers,
  identities,
}: Pick<ApprovalState, 'actors' | 'approvers' | 'identities'>): 1 | 2 {
  const isKnown = (actor: Actor) => actor.invokedBy === undefined && personOfActor(actor, identities) !== undefined;
  const known = actors.length > 0 && actors.every(isKnown);
  return known ? approvers : 2;
}

/** Returns why a person may not decide this way now, or undefined where they may. Every known person may reject, because a rejection changes nothing. */
export function conflictOfInterest(
  request: ApprovalState,
  person: string | undefined,
  verdict: Decision['verdict'],
  plan: string,
  now: number,
): Reason | undefined {
  if (person === undefined) return { code: 'person-unknown' };
  if (now >= request.expires) return { code: 'request-expired' };
  if (plan !== request.plan) return { code: 'plan-changed' };
  if (verdict === 'rejected') return undefined;
  const conflict = ownInterest(request, person);
  if (conflict) return conflict;
  if (approved(request).has(person)) return { code: 'already-approved' };
  return undefined;
}

/** Returns what keeps a person from approving any plan for this resource. */
function ownInterest({ actors, exceptionOwners, identities }: ApprovalState, person: string): Reason | undefined {
  if (actors.some((actor) => samePerson(personOfActor(actor, identities), person))) return { code: 'own-change' };
  if (exceptionOwners.some((owner) => isSamePerson(owner, person) || person.endsWith(`/${owner.trim().toLowerCase()}`)))
    return { code: 'own-exception' };
  return undefined;
}

/**
 * Returns the people whose approval of the current plan counts. CloudTrail reports a change minutes after AWS Config, so an
 * approver may turn out to be its cause only after they approved. Such an approval does not count.
 */
export const approved = (request: ApprovalState): ReadonlySet<string> =>
  new Set(
    request.decisions
      .filter(({ plan, verdict, by }) => plan === request.plan && verdict === 'approved' && !ownInterest(request, by))
      .map(({ by }) => by),
  );

/** Whether enough people have approved the current plan. */
export const isApproved = (request: ApprovalState): boolean => approved(request).size >= approversNeeded(request);

const samePerson = (one: string | undefined, other: string) => one !== undefined && isSamePerson(one, other);
