import { defineConfig } from '../lib/config.ts';
import { accounts, governed, hub, organization } from './accounts.ts';

/** What the sandbox's accounts are held to: everything, automatically, so that a run shows every repair. */
export default defineConfig({
  hub,
  organization,
  owner: 'platform-team',
  mode: 'auto',
  accounts: Object.fromEntries(
    accounts.map((account) => [
      account,
      {
        regions: governed.filter((place) => place.account === account).map(({ region }) => region),
        owner: account === hub.account ? 'platform-team' : 'payments-team',
      },
    ]),
  ),
});
