import type { Control, State, Target } from '../../lib/control.ts';
import { graceAt } from '../../lib/grace.ts';
import { lowered } from '../../lib/modes.ts';
import { patch } from '../../lib/patch.ts';
import { comingOf, type Foreseen } from '../../lib/preview.ts';
import { sparesLive } from '../../lib/register/spare.ts';
import { ceilingBy } from '../../lib/tags.ts';
import { brakesOn } from '../shared/brakes.ts';
import { arnOf, UNREAD } from '../shared/context.ts';
import { register, settings } from '../shared/environment.ts';
import { getGrace } from '../shared/graces.ts';
import { getLock } from '../shared/lock.ts';
import type { Session } from '../shared/sessions.ts';
import { tagsOf } from '../shared/tags.ts';

/** Says what would come of a resource's state, and its exact patch; undefined where it is compliant. It only reads. */
export async function foresee(
  control: Control,
  target: Target,
  live: State,
  session: Session,
  batch: string | undefined,
): Promise<Foreseen | undefined> {
  const now = new Date();
  const given = settings.given[control.id] ?? {};
  const verdict = control.check(live, given, now);
  if (verdict === 'compliant') return undefined;
  const desired = control.repair?.desired(live, given, now);
  const operations = desired && patch(live, desired);
  const subject = { control: control.id, target };
  const [ceiling, brakes, lock, period] = await Promise.all([
    ceilingOn(control, target, session),
    brakesOn(subject),
    getLock(subject),
    getGrace(control.id, target),
  ]);
  const governed = settings.accounts[target.account];
  const mode = lowered(governed?.modes[control.id] ?? 'observe', ceiling);
  const days = governed?.graceDays[control.id];
  const grace = days && operations ? graceAt(period, days, operations, now)?.period : undefined;
  const exception = sparesLive(register.exceptions, control.id, target, now);
  const around = { repairs: desired !== undefined, mode, exception, brakes, holder: lock?.holder, batch, grace };
  return {
    id: target.id,
    violation: verdict.violation,
    before: live,
    patch: operations,
    mode,
    ...comingOf(around, now.getTime()),
  };
}

/** The most that the resource's own tag lets anybody do without people. */
async function ceilingOn(control: Control, target: Target, { client }: Session) {
  const arn = arnOf(control, target);
  if (arn === undefined) return undefined;
  const tags = await tagsOf(client, [arn]);
  return (tags === 'denied' ? UNREAD : ceilingBy(tags.get(arn))).ceiling;
}
