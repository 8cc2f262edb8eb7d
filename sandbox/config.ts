import { defineConfig } from '../lib/config/config.ts';
import { accounts, governed, hub, organization } from './accounts.ts';

/** What the sandbox's accounts are held to: nearly everything is automatic, so that a run shows every repair. */
export default defineConfig({
  hub,
  organization,
  owner: 'platform-team',
  mode: 'auto',
  // The tests repair more of one account in an hour than anybody does, and let more of it fail.
  circuitBreaker: { repairs: 2000, failures: 1000 },
  hook: 'fail',
  // Tests leave many resources broken.
  backlogAbove: 50,
  // These would interrupt somebody and wait for days; a run shows what comes after.
  controls: { 'iam-access-key-age': { gracePeriodDays: 0 }, 'rds-not-public': { gracePeriodDays: 0 } },
  notify: ['platform@example.com'],
  remindAtHour: 0,
  owners: { 'payments-team': { emails: ['payments@example.com'] } },
  identities: { dev: accounts.map((account) => `user/${account}/dev`) },
  accounts: Object.fromEntries(
    accounts.map((account) => [
      account,
      account === hub.account
        ? { regions: regionsOf(account), hook: 'off' } // names no owner, so that tags and the default count
        : {
            regions: regionsOf(account),
            owner: 'payments-team',
            controls: {
              'kms-key-rotation': 'observe',
              'sqs-encryption': 'approve',
              'iam-access-key-age': { gracePeriodDays: 20 / (24 * 60 * 60) },
            },
          },
    ]),
  ),
});

function regionsOf(account: string): string[] {
  return governed.filter((place) => place.account === account).map(({ region }) => region);
}
