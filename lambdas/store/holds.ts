import type { Halt, Hold } from '../../lib/governance/safeguards.ts';
import type { Execution, Subject } from './execution.ts';
import { haltKey, historyKey, holdKey } from './keys.ts';
import type { OpenAs } from './open-index.ts';
import { type Item, put, remove, update } from './table.ts';

/** Slightly longer than the longest flapping limit. */
const KEPT_SECONDS = 25 * 60 * 60;

/** Records a repair for the flapping limits. */
export const countRepair = (subject: Subject, now: number): Item =>
  update(
    historyKey(subject.control, subject.target),
    'SET repairs = list_append(if_not_exists(repairs, :none), :at), #ttl = :ttl',
    undefined,
    { ':none': [], ':at': [now], ':ttl': Math.floor(now / 1000) + KEPT_SECONDS },
    { '#ttl': 'ttl' },
  );

/** Places a hold. */
export const placeHold = ({ control, target }: Subject, hold: Hold): Item =>
  put(holdKey(control, target), {
    ...hold,
    control,
    target,
    openAs: 'hold' satisfies OpenAs,
    ttl: hold.until && Math.ceil(Date.parse(hold.until) / 1000),
  });

/** Releases a hold and forgets the repairs before it. Fails if there is no hold. */
export const releaseHold = ({ control, target }: Subject): readonly Item[] => [
  remove(holdKey(control, target), 'attribute_exists(pk)'),
  remove(historyKey(control, target)),
];

/** Releases a hold that this execution placed, and no other hold. */
export const releaseOwnHold = ({ control, target, execution }: Execution): Item =>
  remove(holdKey(control, target), 'attribute_not_exists(pk) OR execution = :me', { ':me': execution });

/** Halts all repairs. Fails if they are already halted. */
export const setHalt = (halt: Halt): Item => put(haltKey, halt, 'attribute_not_exists(pk)');

/** Resumes repairs. Fails if they are not halted. */
export const liftHalt = (): Item => remove(haltKey, 'attribute_exists(pk)');
