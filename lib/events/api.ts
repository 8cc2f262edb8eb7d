import type { Decision, EvidenceRecord, OperatorCommand } from '../evidence/record.ts';
import type { Actor } from '../model/actor.ts';
import type { Mode } from '../model/control.ts';
import type { Patch } from '../model/patch.ts';

/** The routes of the hub's API by the function that serves them; each can be allowed by itself, by `execute-api:Invoke`. */
export const routes = {
  decide: [
    'GET /executions/{execution}/approval',
    'POST /executions/{execution}/approval',
    'POST /executions/{execution}/rejection',
  ],
  command: [
    'POST /halt',
    'DELETE /halt',
    'POST /executions/{execution}/release',
    'POST /accounts/{account}/release',
    'POST /backlogs/{control}/{account}/release',
    'POST /executions/{execution}/rollback',
  ],
  'dry-run': ['GET /plan', 'GET /plan/{control}/{account}/{region}'],
  status: ['GET /status', 'GET /backlogs', 'GET /backlogs/{control}/{account}'],
} as const;

/** What the schedule says in a route's place, which no request to the API can: finish the orders whose function died. */
export const FINISH_COMMANDS = 'finish commands';

/** What the hub's API answers to who asks about a plan that waits for people. */
export interface PendingPlan {
  /** The plan as the vault holds it. */
  readonly record: EvidenceRecord;
  /** SHA-256 of that record; a decision must name it. */
  readonly plan: string;
  /** Everyone who is known to have caused the state; none of them may approve. */
  readonly actors: readonly Actor[];
  /** How many people must approve, and who has. */
  readonly approvers: number;
  readonly approvedBy: readonly string[];
  readonly expires: string;
}

/** What the hub's API answers to a decision that it took. */
export interface DecisionAccepted {
  readonly execution: string;
  readonly verdict: Decision['verdict'];
  readonly by: string;
  /** How many more people must approve before it is repaired. */
  readonly missing: number;
  /** The key of the decision's record in the vault. */
  readonly evidence: string;
}

/** A batch that waits for people: what of one control in one account already stood in violation. */
export interface BacklogSummary {
  readonly control: string;
  readonly account: string;
  /** What becomes of it after a release: each is repaired, or asks for an approval. */
  readonly mode: Mode;
  readonly since: string;
  /** Why it is a batch. */
  readonly reason: string;
  readonly count: number;
}

/** What the hub's API answers to who looks at a batch. */
export interface Backlog extends BacklogSummary {
  /** SHA-256 of what stands in `resources`; a release must name it. */
  readonly list: string;
  readonly resources: readonly {
    readonly region: string;
    readonly id: string;
    /** The last execution that planned its repair. */
    readonly execution: string;
    readonly violation: string;
    readonly patch: Patch;
  }[];
}

/** What the hub's API answers to an order that it carried out. */
export interface CommandAccepted {
  readonly kind: OperatorCommand['kind'];
  readonly by: string;
  readonly at: string;
  /** The key of the order's record in the vault. */
  readonly evidence: string;
  /** For a rollback: the execution that makes it, once others have approved. */
  readonly startsExecution?: string;
}
