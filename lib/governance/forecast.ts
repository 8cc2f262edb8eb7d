import type { Exception } from '../exceptions/exception.ts';
import { exemptionText } from '../exceptions/matching.ts';
import type { Mode, State } from '../model/control.ts';
import type { Patch } from '../model/patch.ts';
import type { GracePeriod } from './grace-period.ts';
import { type Safeguards, stopReason } from './safeguards.ts';

/** One control in one place: what a round of the sweep, or of a dry run, looks at in one go. */
export interface ScanTarget {
  readonly control: string;
  readonly account: string;
  readonly region: string;
}

/** What would come of a violation now: as the machine goes, from the least that it does to the most. */
type PredictedOutcome =
  | 'nothing'
  | 'exempt'
  | 'held'
  | 'in-progress'
  | 'escalated'
  | 'backlog'
  | 'grace-period'
  | 'asked'
  | 'repaired';

/** A violation as a dry run found it. */
export interface Forecast {
  readonly id: string;
  readonly violation: string;
  readonly before: State;
  /** What a repair would do; absent where there is none. */
  readonly patch?: Patch;
  readonly mode: Mode;
  readonly predictedOutcome: PredictedOutcome;
  /** Why that, or what comes before it. */
  readonly because: string;
}

/** What a dry run found in one place. */
export interface ScanForecast extends ScanTarget {
  readonly listed: number;
  readonly violations: readonly Forecast[];
  /** What could not be read, and why; the rest of the place was seen. */
  readonly unread: readonly string[];
  /** Why not everything there was looked at; absent where it was. */
  readonly broken?: string;
}

/** What decides what would come of a violation. */
export interface ForecastInput {
  readonly repairs: boolean;
  readonly mode: Mode;
  readonly exception?: Exception;
  readonly safeguards: Safeguards;
  /** The execution that holds the lock on it. */
  readonly holder?: string;
  /** Why it would wait with what else stood in violation. */
  readonly backlog?: string;
  readonly gracePeriod?: Pick<GracePeriod, 'until'>;
}

/** What would come of a violation if the next event or sweep found it now. */
export function predictOutcome(around: ForecastInput, now: number): Pick<Forecast, 'predictedOutcome' | 'because'> {
  const { repairs, mode, exception, safeguards, holder, backlog, gracePeriod } = around;
  if (exception) return { predictedOutcome: 'exempt', because: exemptionText(exception) };
  if (!repairs) return { predictedOutcome: 'nothing', because: 'The control only detects.' };
  if (mode === 'observe') return { predictedOutcome: 'nothing', because: 'The mode is observe.' };
  if (holder)
    return { predictedOutcome: 'in-progress', because: `Execution ${holder} is at work on it, or waits for people.` };
  const stopped = stopReason(safeguards, now, '');
  if (stopped) return { predictedOutcome: stopped.opensHold ? 'escalated' : 'held', because: stopped.reason };
  if (backlog) return { predictedOutcome: 'backlog', because: backlog };
  if (gracePeriod)
    return { predictedOutcome: 'grace-period', because: `The owner has until ${gracePeriod.until} to put it right.` };
  if (mode === 'auto' && safeguards.circuitBreaker)
    return {
      predictedOutcome: 'asked',
      because: `The account's repairs wait for people. ${safeguards.circuitBreaker.reason}`,
    };
  return mode === 'approve'
    ? { predictedOutcome: 'asked', because: 'People are asked before it is repaired.' }
    : { predictedOutcome: 'repaired', because: 'It is repaired as soon as an event or the daily sweep finds it.' };
}
