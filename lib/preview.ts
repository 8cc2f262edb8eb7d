import { type Brakes, stoppedBy } from './brakes.ts';
import type { Mode, State } from './control.ts';
import type { GracePeriod } from './grace.ts';
import type { Patch } from './patch.ts';
import { leaveOf } from './register/spare.ts';
import type { Exception } from './register.ts';

/** One control in one place: what a round of the sweep, or of a dry run, looks at in one go. */
export interface Spot {
  readonly control: string;
  readonly account: string;
  readonly region: string;
}

/** What would come of a violation now: as the machine goes, from the least that it does to the most. */
type Coming = 'nothing' | 'spared' | 'held' | 'under way' | 'escalated' | 'batch' | 'grace' | 'asked' | 'repaired';

/** A violation as a dry run found it. */
export interface Foreseen {
  readonly id: string;
  readonly violation: string;
  readonly before: State;
  /** What a repair would do; absent where there is none. */
  readonly patch?: Patch;
  readonly mode: Mode;
  readonly coming: Coming;
  /** Why that, or what comes before it. */
  readonly because: string;
}

/** What a dry run found in one place. */
export interface PlaceSeen extends Spot {
  readonly listed: number;
  readonly violations: readonly Foreseen[];
  /** What could not be read, and why; the rest of the place was seen. */
  readonly unread: readonly string[];
  /** Why not everything there was looked at; absent where it was. */
  readonly broken?: string;
}

/** What decides what would come of a violation. */
export interface Circumstances {
  readonly repairs: boolean;
  readonly mode: Mode;
  readonly exception?: Exception;
  readonly brakes: Brakes;
  /** The execution that holds the lock on it. */
  readonly holder?: string;
  /** Why it would wait with what else stood in violation. */
  readonly batch?: string;
  readonly grace?: Pick<GracePeriod, 'until'>;
}

/** What would come of a violation if the next event or sweep found it now. */
export function comingOf(around: Circumstances, now: number): Pick<Foreseen, 'coming' | 'because'> {
  const { repairs, mode, exception, brakes, holder, batch, grace } = around;
  if (exception) return { coming: 'spared', because: leaveOf(exception) };
  if (!repairs) return { coming: 'nothing', because: 'The control only detects.' };
  if (mode === 'observe') return { coming: 'nothing', because: 'The mode is observe.' };
  if (holder) return { coming: 'under way', because: `Execution ${holder} is at work on it, or waits for people.` };
  const stopped = stoppedBy(brakes, now, '');
  if (stopped) return { coming: stopped.trips ? 'escalated' : 'held', because: stopped.reason };
  if (batch) return { coming: 'batch', because: batch };
  if (grace) return { coming: 'grace', because: `The owner has until ${grace.until} to put it right.` };
  if (mode === 'auto' && brakes.breaker)
    return { coming: 'asked', because: `The account's repairs wait for people. ${brakes.breaker.reason}` };
  return mode === 'approve'
    ? { coming: 'asked', because: 'People are asked before it is repaired.' }
    : { coming: 'repaired', because: 'It is repaired as soon as an event or the daily sweep finds it.' };
}
