import { defineConfig } from './lib/config/config.ts';

/** The config of this deployment. Replace the account ids, and start with the mode `observe` in your own accounts. */
export default defineConfig({
  hub: { account: '111111111111', region: 'eu-west-1' },
  owner: 'platform-team',
  mode: 'auto',
  accounts: {
    '111111111111': { regions: ['eu-west-1', 'us-east-1'], owner: 'platform-team' },
    '222222222222': { regions: ['eu-west-1', 'us-east-1'], owner: 'payments-team' },
  },
});
