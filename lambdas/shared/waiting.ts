import type { Halt, Hold } from '../../lib/brakes.ts';
import type { Breaker } from '../../lib/breaker.ts';
import { expiring, type Waiting } from '../../lib/waiting.ts';
import { register, settings } from './environment.ts';
import { haltKey } from './keys.ts';
import type { Execution } from './ledger.ts';
import { listOpen, type OpenAs } from './open.ts';
import { waitingBatches } from './regimes.ts';
import { ownerOf, standingOf } from './standing.ts';
import { read } from './table.ts';

type Subject = Pick<Execution, 'control' | 'target'>;
type OpenHold = Subject & Hold;

/** Looks up what waits for people, the oldest first. */
export async function waitingNow(now: Date): Promise<Waiting> {
  const [halt, approvals, holds, batches, breakers] = await Promise.all([
    read(haltKey) as Promise<Halt | undefined>, // only the brakes write it
    all<Execution>('approval'),
    all<OpenHold>('hold'),
    waitingBatches(settings),
    all<Breaker & { readonly account: string }>('breaker'),
  ]);
  return {
    halt: halt && { by: halt.by, at: halt.at, reason: halt.reason },
    approvals: sorted(
      approvals.map((waiting) => ({
        ...about(waiting, standingOf(waiting, settings).owner.name),
        execution: waiting.execution,
        rollback: waiting.rollback?.execution,
        since: waiting.admittedAt,
      })),
    ),
    holds: sorted(
      holds
        .filter(({ until }) => until === undefined || now.getTime() < Date.parse(until)) // DynamoDB forgets late
        .map(({ reason, execution, until, at, owner, ...subject }) => ({
          ...about(subject, owner),
          since: at,
          reason,
          execution,
          until,
        })),
    ),
    batches: sorted(
      batches.map(({ control, account, since }) => ({ control, account, since, owner: ownerOf(account, settings) })),
    ),
    breakers: sorted(
      breakers.map(({ account, since, reason }) => ({ account, since, reason, owner: ownerOf(account, settings) })),
    ),
    exceptions: expiring(register.exceptions, now),
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
