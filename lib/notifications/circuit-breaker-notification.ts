import type { CircuitBreakerEvent } from '../events/events.ts';
import { circuitBreakerText } from '../text/circuit-breaker-text.ts';
import { labels } from '../text/labels.ts';
import { facts, type Notification, text } from './notification.ts';

const { subject, lead, choices, advice } = circuitBreakerText;

/** Reports that one account's repairs need approval. */
export const circuitBreakerNotification = ({
  account,
  owner,
  reason,
  since,
  options,
}: CircuitBreakerEvent): Notification => ({
  kind: 'circuit-breaker',
  subject: subject(account),
  text: text(
    lead,
    facts([
      [labels.reason, reason],
      [labels.account, account],
      [labels.owner, owner],
      [labels.since, since],
    ]),
    facts([
      [choices.release, options.release],
      [choices.noDecision, options.noDecision],
    ]),
    advice,
  ),
  owners: [owner],
  account,
});
