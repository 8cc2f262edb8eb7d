import { lastUsed } from '../last-use.ts';
import type { GraceNotice } from '../outcome.ts';
import { render } from '../patch.ts';
import { type Around, facts, links, type Notice, section, text, where } from './notice.ts';

/** Warns an owner of a repair that will interrupt somebody. */
export function graceNotice(grace: GraceNotice, around: Around): Notice {
  const { control, severity, target, owner, violation, patch, because, occasion, until, lastUse = [] } = grace;
  return {
    kind: 'grace',
    subject: `${occasion === 'begins' ? 'To be repaired' : 'Last day before the repair'}: ${control} on ${target.id}`,
    text: text(
      `This is in violation, and is repaired with the first look at it after ${until}${
        occasion === 'begins' ? '' : ', which is within a day'
      }. It was not repaired at once because that interrupts somebody: ${because}`,
      facts({
        Control: `${around.titleOf(control)} (${control}, ${severity})`,
        Resource: where(target),
        Wrong: violation,
        Owner: owner,
      }),
      section('The repair will', render(patch)),
      section('Last used', lastUse.map(lastUsed)),
      section(`What you can do until ${until}`, [
        'Put it right yourself at a time that suits you; nothing is repaired then.',
        'Get an exception into exceptions.yaml, approved by somebody else.',
        'Do nothing: it is repaired.',
      ]),
      links(around, grace),
    ),
    owners: [owner],
    control,
    account: target.account,
    severity,
  };
}
