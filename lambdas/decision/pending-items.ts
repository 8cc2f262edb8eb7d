import type { CircuitBreaker } from '../../lib/governance/circuit-breaker.ts';
import { effectiveModeOf, ownerOf } from '../../lib/governance/effective-mode.ts';
import { expiring, type Pending } from '../../lib/governance/pending.ts';
import type { Halt, Hold } from '../../lib/governance/safeguards.ts';
import { publishedExceptions, settings } from '../runtime/environment.ts';
import type { Subject } from '../store/execution.ts';
import { fromRow } from '../store/execution-row.ts';
import { haltKey } from '../store/keys.ts';
import { listOpen, type OpenAs } from '../store/open-index.ts';
import { pendingBacklogs } from '../store/rollouts.ts';
import { read } from '../store/table.ts';

type OpenHold = Subject & Hold;

/** Lists everything that needs attention, the oldest first. */
export async function pendingNow(now: Date): Promise<Pending> {
  const [halt, approvals, holds, backlogs, circuitBreakers] = await Promise.all([
    read(haltKey) as Promise<Halt | undefined>, // only holds.ts writes it
    all<object>('approval'),
    all<OpenHold>('hold'),
    pendingBacklogs(settings),
    all<CircuitBreaker & { readonly account: string }>('circuit-breaker'),
  ]);
  return {
    halt: halt && { by: halt.by, at: halt.at, reason: halt.reason },
    approvals: sorted(
      approvals.map(fromRow).map((execution) => ({
        ...about(execution, effectiveModeOf(settings, execution, execution.progress).owner.name),
        execution: execution.execution,
        rollback: execution.admission.rollback?.execution,
        since: execution.admission.admittedAt,
      })),
    ),
    holds: sorted(
      holds
        .filter(({ until }) => until === undefined || now.getTime() < Date.parse(until)) // DynamoDB deletes expired items late
        .map(({ because, reason, execution, until, at, owner, control, target }) => ({
          ...about({ control, target }, owner),
          since: at,
          because,
          reason,
          execution,
          until,
        })),
    ),
    backlogs: sorted(
      backlogs.map(({ control, account, since }) => ({ control, account, since, owner: ownerOf(account, settings) })),
    ),
    circuitBreakers: sorted(
      circuitBreakers.map(({ account, since, because, reason }) => ({
        account,
        since,
        because,
        reason,
        owner: ownerOf(account, settings),
      })),
    ),
    exceptions: expiring(publishedExceptions.exceptions, now),
  };
}

const about = ({ control, target }: Subject, owner = ownerOf(target.account, settings)) => ({ control, target, owner });

const sorted = <T extends { readonly since: string }>(items: readonly T[]): readonly T[] =>
  items.toSorted((one, other) => one.since.localeCompare(other.since));

/** Each kind of item is written by one module, which says what is in it. */
async function all<T>(kind: OpenAs): Promise<T[]> {
  const items: T[] = [];
  for await (const item of listOpen(kind)) items.push(item as T);
  return items;
}
