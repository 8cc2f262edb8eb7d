import type { CircuitBreakerEvent } from '../events/events.ts';
import { facts, type Notification, text } from './notification.ts';

/** Says that one account's repairs wait for people. */
export const circuitBreakerNotification = ({
  account,
  owner,
  reason,
  since,
  options,
}: CircuitBreakerEvent): Notification => ({
  kind: 'circuit-breaker',
  subject: `Repairs in account ${account} wait for approval`,
  text: text(
    'Something is wrong with many resources of one account, or with our repairs: each repair there now waits for an approval.',
    facts({ Why: reason, Account: account, Owner: owner, Since: since }),
    facts({ 'If released': options.release, 'If nobody answers': options.silence }),
    `Find out first what they have in common; other accounts go on as before.
If it is our repairs that do harm, stop them all: evenkeel halt --reason "..."`,
  ),
  owners: [owner],
  account,
});
