import type { BreakerNotice } from '../outcome.ts';
import { facts, type Notice, text } from './notice.ts';

/** Says that one account's repairs wait for people. */
export const breakerNotice = ({ account, owner, reason, since, ways }: BreakerNotice): Notice => ({
  kind: 'breaker',
  subject: `Repairs in account ${account} wait for approval`,
  text: text(
    'Something is wrong with many resources of one account, or with our repairs: each repair there now waits for an approval.',
    facts({ Why: reason, Account: account, Owner: owner, Since: since }),
    facts({ 'If released': ways.release, 'If nobody answers': ways.silence }),
    `Find out first what they have in common; other accounts go on as before.
If it is our repairs that do harm, stop them all: evenkeel halt --reason "..."`,
  ),
  owners: [owner],
  account,
});
