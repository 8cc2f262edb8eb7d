import { type Identities, isSamePerson, personOfActor } from '../config/identities.ts';
import type { Decision } from '../evidence/record.ts';
import type { Actor } from '../model/actor.ts';

/** What decides who may approve a plan, as the hub knows it. */
export interface ApprovalState {
  /** Everyone who is known to have caused the state that the plan is to put right. */
  readonly actors: readonly Actor[];
  /** How many people the config asks for. */
  readonly approvers: 1 | 2;
  /** Who owns an exception from this control on this resource, valid or not. */
  readonly exceptionOwners: readonly string[];
  /** SHA-256 of the plan's record. */
  readonly plan: string;
  /** Epoch milliseconds after which nothing is approved any more. */
  readonly expires: number;
  readonly decisions: readonly Decision[];
  readonly identities?: Identities;
}

/** Two people where it is not known who caused the state, or a service did it for somebody: one of them might have. */
export function approversNeeded({
  actors,
  approvers,
  identities,
}: Pick<ApprovalState, 'actors' | 'approvers' | 'identities'>): 1 | 2 {
  const isKnown = (actor: Actor) => actor.invokedBy === undefined && personOfActor(actor, identities) !== undefined;
  const known = actors.length > 0 && actors.every(isKnown);
  return known ? approvers : 2;
}

/** Why a person may not decide this way now; undefined where he may. Rejecting is for everyone who can be named: it changes nothing. */
export function conflictOfInterest(
  question: ApprovalState,
  person: string | undefined,
  verdict: Decision['verdict'],
  plan: string,
  now: number,
): string | undefined {
  if (person === undefined)
    return 'AWS does not say which person you are: call as an IAM user, or with a session of IAM Identity Center.';
  if (now >= question.expires) return 'the request has expired; the next sweep asks anew.';
  if (plan !== question.plan) return 'the plan has changed since; look at the new one and decide about that.';
  if (verdict === 'rejected') return undefined;
  const partial = partiality(question, person);
  if (partial) return partial;
  if (approved(question).has(person)) return 'you have approved already; a second person must.';
  return undefined;
}

/** What keeps a person from approving anything about this resource; undefined where nothing does. */
function partiality({ actors, exceptionOwners, identities }: ApprovalState, person: string): string | undefined {
  if (actors.some((actor) => samePerson(personOfActor(actor, identities), person)))
    return 'you caused the change that it repairs; somebody else must approve.';
  if (exceptionOwners.some((owner) => isSamePerson(owner, person) || person.endsWith(`/${owner.trim().toLowerCase()}`)))
    return 'you own an exception from this control on this resource; somebody else must approve.';
  return undefined;
}

/**
 * The people whose approval of the plan as it is now counts. Who caused the change may become known only after he approved,
 * for CloudTrail tells of it minutes after AWS Config: such an approval counts no more.
 */
export const approved = (question: ApprovalState): ReadonlySet<string> =>
  new Set(
    question.decisions
      .filter(({ plan, verdict, by }) => plan === question.plan && verdict === 'approved' && !partiality(question, by))
      .map(({ by }) => by),
  );

/** Whether enough people have approved the plan as it is now, and in time. */
export const isApproved = (question: ApprovalState): boolean => approved(question).size >= approversNeeded(question);

const samePerson = (one: string | undefined, other: string) => one !== undefined && isSamePerson(one, other);
