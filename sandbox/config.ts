import { defineConfig } from '../lib/config.ts';
import { accounts, governed, hub, organization } from './accounts.ts';

/** What the sandbox's accounts are held to: nearly everything is automatic, so that a run shows every repair. */
export default defineConfig({
  hub,
  organization,
  owner: 'platform-team',
  mode: 'auto',
  hook: 'fail',
  people: { dev: accounts.map((account) => `user/${account}/dev`) },
  accounts: Object.fromEntries(
    accounts.map((account) => [
      account,
      account === hub.account
        ? { regions: regionsOf(account), owner: 'platform-team', hook: 'off' }
        : {
            regions: regionsOf(account),
            owner: 'payments-team',
            controls: { 'kms-key-rotation': 'observe', 'sqs-encryption': 'approve' },
          },
    ]),
  ),
});

function regionsOf(account: string): string[] {
  return governed.filter((place) => place.account === account).map(({ region }) => region);
}
