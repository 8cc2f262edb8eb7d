import type { BatchNotice } from '../outcome.ts';
import { type Around, facts, first, type Notice, section, text } from './notice.ts';

/** Lists what already stood in violation, before anything is done about it. */
export function batchNotice(batch: BatchNotice, { titleOf }: Around): Notice {
  const { control, severity, account, owner, since, reason, count, resources, ways } = batch;
  const lines = resources.map(({ id, region, violation }) => `${id} (${region}): ${violation}`);
  return {
    kind: 'batch',
    subject: `${count} repairs wait: ${control} in account ${account}`,
    text: text(
      'What already stood in violation is repaired only after somebody releases it, once for all of it.',
      facts({
        Why: reason,
        Control: `${titleOf(control)} (${control}, ${severity})`,
        Account: account,
        Owner: owner,
        Since: since,
      }),
      section(`In violation: ${count}`, first(lines, count)),
      facts({ 'Look at it': ways.show, 'To repair it': ways.release, 'If nobody answers': ways.silence }),
    ),
    owners: [owner],
    control,
    account,
    severity,
  };
}
