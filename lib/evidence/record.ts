import type { Operation } from 'rfc6902';
import type { Exception } from '../exceptions/exception.ts';
import type { Actor } from '../model/actor.ts';
import { canonical, sha256 } from '../model/canonical.ts';
import type { LastUse, Mode, State, Target, Verdict } from '../model/control.ts';
import type { Owner } from '../model/owner.ts';

/** Whether a stack's template is right and live is not, or the template itself is wrong, or no stack holds the resource. */
export type Origin = 'drift' | 'template' | 'unmanaged' | 'unknown';

/** Where a stack's template declares a resource, and where that template came from. */
export interface TemplateSource {
  readonly stack: string;
  readonly logicalId: string;
  /** As `GitStampAspect` stamped it on the stack: its own word, and nobody else's. */
  readonly repository?: string;
  readonly commit?: string;
  /** What puts the template right, from its root; absent where it is right, or where that is not certain. */
  readonly patch?: readonly Operation[];
}

/** What the engine knows of a resource beside its state. */
export interface Context {
  readonly owner: Owner;
  /** Why people are asked where the config alone would not, or why a tag that wants another mode does not count. */
  readonly because?: string;
  readonly origin: Origin;
  readonly templateSource?: TemplateSource;
}

/** How an execution ended; exactly one is recorded for every event that was admitted. */
export type Outcome =
  | 'repaired'
  | 'compliant'
  | 'gone'
  | 'observed'
  | 'exempt'
  | 'rejected'
  | 'held'
  | 'escalated'
  | 'rolled-back'
  | 'accepted';

/** What one person said of one plan. */
export interface Decision {
  readonly verdict: 'approved' | 'rejected';
  /** The person, in the one form in which actors and approvers are compared. */
  readonly by: string;
  /** The caller's ARN, as AWS put it into the request. */
  readonly identity: string;
  readonly reason: string;
  /** SHA-256 of the plan's record; a decision holds for that plan alone. */
  readonly plan: string;
}

/** What one person told the machine to do or to leave. */
export interface OperatorCommand {
  readonly kind: 'halt' | 'resume' | 'release' | 'release-account' | 'release-backlog' | 'rollback';
  /** The person; for `halt` the caller's ARN where AWS names no person. */
  readonly by: string;
  /** The caller's ARN, as AWS put it into the request. */
  readonly identity: string;
  readonly reason: string;
  /** The execution that it is about. */
  readonly execution?: string;
  /** How many resources it is about, where it is about a list of them. */
  readonly resources?: number;
}

/** That an execution brings back what was before another one repaired it. */
export interface Rollback {
  /** The execution whose repair is undone. */
  readonly execution: string;
  /** For how many days the control is then held off the resource, or it would repair it again at once. */
  readonly holdDays: number;
}

/** What a record is of; its key ends with it. */
export const PHASES = ['plan', 'decision', 'repair', 'outcome', 'command'] as const;

/** One of them. */
export type Phase = (typeof PHASES)[number];

/** One step of one execution, as it is written to the vault: what was, what should be, what is, and who and what led to it. */
export interface EvidenceRecord {
  readonly schema: 'evenkeel.evidence/v1';
  readonly execution: string;
  /** Counts the records of an execution from 1. */
  readonly n: number;
  readonly phase: Phase;
  readonly at: string;
  readonly control: string;
  /** The Git commit that the control was deployed from. */
  readonly commit: string;
  readonly target: Target;
  readonly owner: Owner;
  readonly actor?: Actor;
  readonly origin?: Origin;
  /** Where the resource is declared, where a stack holds it. */
  readonly templateSource?: TemplateSource;
  /** When what the repair takes away was last used. */
  readonly lastUse?: readonly LastUse[];
  readonly mode: Mode;
  /** The exception that spared the resource, as it stood in the register at that moment. */
  readonly exception?: Exception;
  /** Where the hint came from, and the id of the event that carried it. */
  readonly source: string;
  readonly event: string;
  readonly before?: State;
  /** What was before the first plan, where the state changed under the repair and was planned anew. */
  readonly first?: State;
  readonly desired?: State;
  readonly after?: State;
  readonly patch?: readonly Operation[];
  /** What the control says of `before`, or of `after` where that is there; in the plan of a rollback, of what it brings back. */
  readonly verdict?: Verdict;
  /** Set on every record of a rollback, and on the order for it. */
  readonly rollback?: Rollback;
  /** Set on a record of phase `decision`. */
  readonly decision?: Decision;
  /** Set on a record of phase `order`, which stands alone. */
  readonly command?: OperatorCommand;
  /** Set on the record that closes an execution. */
  readonly outcome?: Outcome;
  readonly reason?: string;
  /** SHA-256 of the record before it in this execution. */
  readonly previous: string | null;
}

/** A record ready to be written: its place in the vault, its exact bytes and their hash. */
export interface SealedRecord {
  readonly key: string;
  readonly body: string;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** The record's own `at`. */
  readonly at: string;
}

/** Fixes a record's bytes, so that its hash can be registered before it is written. */
export function seal(record: EvidenceRecord): SealedRecord {
  const body = canonical(record);
  const [date] = record.at.split('T');
  const key = `evidence/${date?.replaceAll('-', '/')}/${record.target.account}/${record.execution}/${record.n}-${record.phase}.json`;
  return { key, body, sha256: sha256(body), at: record.at };
}

/**
 * Which record of which execution a key names.
 * @throws Error when it is no key of a record.
 */
export function recordAt(key: string): { readonly execution: string; readonly n: number } {
  const [, execution, n] = /^evidence\/(?:[^/]+\/){4}([^/]+)\/(\d+)-[a-z]+\.json$/.exec(key) ?? [];
  if (execution === undefined || n === undefined) throw new Error(`${key} is no key of an evidence record.`);
  return { execution, n: Number(n) };
}
