import type { Decision, EvidenceRecord, OperatorCommand } from '../evidence/record.ts';
import type { Actor } from '../model/actor.ts';
import type { Mode } from '../model/control.ts';
import type { Patch } from '../model/patch.ts';
import type { RecordedReason } from '../text/reasons.ts';

/** The routes of the hub's API by the function that serves them. Each route has its own `execute-api:Invoke` permission. */
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

/** The schedule's value for the route, which no API request can have: finish commands whose function crashed. */
export const FINISH_COMMANDS = 'finish commands';

/** The API's response to a request for a plan that waits for approval. */
export interface PendingPlan {
  /** The plan's record in the vault. */
  readonly record: EvidenceRecord;
  /** SHA-256 of that record. A decision must name it. */
  readonly plan: string;
  /** The identities that are known to have caused the violation. None of them may approve. */
  readonly actors: readonly Actor[];
  /** The number of approvers that are required, and the people who have approved. */
  readonly approvers: number;
  readonly approvedBy: readonly string[];
  readonly expires: string;
}

/** The API's response to an accepted decision. */
export interface DecisionAccepted {
  readonly execution: string;
  readonly verdict: Decision['verdict'];
  readonly by: string;
  /** The number of approvals that are still missing. */
  readonly missing: number;
  /** The key of the decision's record in the vault. */
  readonly evidence: string;
}

/** A waiting backlog: the existing violations of one control in one account. */
export interface BacklogSummary {
  readonly control: string;
  readonly account: string;
  /** The mode of the control, which decides whether a release repairs the resources or requests approval. */
  readonly mode: Mode;
  readonly since: string;
  /** Why the violations form a backlog. */
  readonly reason: string;
  readonly because: readonly RecordedReason[];
  readonly count: number;
}

/** The API's response to a request for a backlog. */
export interface Backlog extends BacklogSummary {
  /** SHA-256 of `resources`. A release must name it. */
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

/** The API's response to an operator command that was carried out. */
export interface CommandAccepted {
  readonly kind: OperatorCommand['kind'];
  readonly by: string;
  readonly at: string;
  /** The key of the command's record in the vault. */
  readonly evidence: string;
  /** For a rollback: the execution that carries it out after approval. */
  readonly startsExecution?: string;
}
