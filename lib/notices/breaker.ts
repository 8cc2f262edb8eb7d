import type { BreakerNotice } from '../outcome.ts';
import { facts, type Notice, text } from './notice.ts';

/** Says that one account's repairs wait for people for a while. */
export const breakerNotice = ({ account, owner, reason, since, until }: BreakerNotice): Notice => ({
  kind: 'breaker',
  subject: `Repairs in account ${account} wait for approval`,
  text: text(
    'Something is wrong with many resources of one account, or with our repairs: each repair there now waits for an approval.',
    facts({ Why: reason, Account: account, Owner: owner, Since: since, Until: until }),
    `Find out what they have in common before you approve. By itself it ends at ${until}; other accounts go on as before.
If it is our repairs that do harm, stop them all: evenkeel halt --reason "..."`,
  ),
  owners: [owner],
  account,
});
