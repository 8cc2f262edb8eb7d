import { defineConfig } from '../lib/config/config.ts';
import { accounts, governed, hub, organization } from './accounts.ts';

/** The config of the local AWS. Nearly every control is automatic, because a run shows every repair. */
export default defineConfig({
  hub,
  organization,
  owner: 'platform-team',
  mode: 'auto',
  // The tests repair more in one account, and let more repairs fail, than real use does.
  circuitBreaker: { repairs: 2000, failures: 1000 },
  hook: 'fail',
  // Tests leave many resources broken.
  backlogAbove: 50,
  // These controls interrupt users and wait for days; a run shows what follows.
  controls: { 'iam-access-key-age': { gracePeriodDays: 0 }, 'rds-not-public': { gracePeriodDays: 0 } },
  notify: ['platform@example.com'],
  remindAtHour: 0,
  owners: { 'payments-team': { emails: ['payments@example.com'] } },
  identities: { dev: accounts.map((account) => `user/${account}/dev`) },
  accounts: Object.fromEntries(
    accounts.map((account) => [
      account,
      account === hub.account
        ? { regions: regionsOf(account), hook: 'off' } // without an owner, so tags and the default owner apply
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
