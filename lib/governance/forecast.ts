import type { Exception } from '../exceptions/exception.ts';
import { exemptionReason } from '../exceptions/matching.ts';
import type { Mode, State } from '../model/control.ts';
import type { Patch } from '../model/patch.ts';
import { type Explanation, explain, type Reason } from '../text/reasons.ts';
import type { GracePeriod } from './grace-period.ts';
import { type Safeguards, stopReason } from './safeguards.ts';

/** One control in one account and region: the unit that a sweep or a dry run scans. */
export interface ScanTarget {
  readonly control: string;
  readonly account: string;
  readonly region: string;
}

/** The predicted outcome of a violation, in the order in which the state machine decides. */
type PredictedOutcome =
  | 'nothing'
  | 'exempt'
  | 'held'
  | 'in-progress'
  | 'escalated'
  | 'backlog'
  | 'grace-period'
  | 'needs-approval'
  | 'repaired';

/** A violation that a dry run found. `because` and `reason` explain the prediction. */
export interface Forecast extends Explanation {
  readonly id: string;
  readonly violation: string;
  readonly before: State;
  /** The patch of the repair; absent if the control has none. */
  readonly patch?: Patch;
  readonly mode: Mode;
  readonly predictedOutcome: PredictedOutcome;
}

/** The result of a dry run of one control in one account and region. */
export interface ScanForecast extends ScanTarget {
  readonly listed: number;
  readonly violations: readonly Forecast[];
  /** Resources that could not be read, with the error; the others were scanned. */
  readonly unread: readonly string[];
  /** Why the scan is incomplete; absent where it is complete. */
  readonly incomplete?: string;
}

/** Everything that decides the outcome of a violation. */
export interface ForecastInput {
  readonly repairs: boolean;
  readonly mode: Mode;
  readonly exception?: Exception;
  readonly safeguards: Safeguards;
  /** The execution that holds the lock on it. */
  readonly holder?: string;
  /** Why the violation would wait in a backlog. */
  readonly backlog?: readonly Reason[];
  readonly gracePeriod?: Pick<GracePeriod, 'until'>;
}

type Prediction = readonly [outcome: PredictedOutcome, ...because: readonly Reason[]];

/** Predicts the outcome of a violation if the next event or sweep found it now. */
export function predictOutcome(
  input: ForecastInput,
  now: number,
): Pick<Forecast, 'predictedOutcome' | 'because' | 'reason'> {
  const [predictedOutcome, ...because] = prediction(input, now);
  return { predictedOutcome, ...explain(...because) };
}

function prediction(input: ForecastInput, now: number): Prediction {
  const { repairs, mode, exception, safeguards, holder, backlog, gracePeriod } = input;
  if (exception) return ['exempt', exemptionReason(exception)];
  if (!repairs) return ['nothing', { code: 'detects-only' }];
  if (mode === 'observe') return ['nothing', { code: 'mode', mode }];
  if (holder) return ['in-progress', { code: 'in-progress', execution: holder }];
  const stopped = stopReason(safeguards, now, '');
  if (stopped) return [stopped.opensHold ? 'escalated' : 'held', ...stopped.because];
  if (backlog) return ['backlog', ...backlog];
  if (gracePeriod) return ['grace-period', { code: 'grace-period', until: gracePeriod.until }];
  if (mode === 'auto' && safeguards.circuitBreaker)
    return ['needs-approval', { code: 'circuit-breaker-open' }, ...safeguards.circuitBreaker.because];
  return mode === 'approve'
    ? ['needs-approval', { code: 'needs-approval' }]
    : ['repaired', { code: 'repairs-on-detection' }];
}
