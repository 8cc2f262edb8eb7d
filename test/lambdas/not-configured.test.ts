import { expect, it } from 'vitest';
import { readTriggers } from '../../lambdas/events/read-triggers.ts';
import { checkConfig } from '../../lib/config/config.ts';
import { settingsOf } from '../../lib/config/settings.ts';
import { logsTo } from '../controls/placed-control.ts';

const account = '111111111111';
const region = 'eu-west-1';
const read = (parameters: object) => {
  const accounts = { [account]: { regions: [region] } };
  const config = { hub: { account, region }, owner: 'team', accounts, controls: { 'logs-to': { parameters } } };
  const trigger = { source: 'sweep', event: 'e', account, region, control: 'logs-to', resource: 'b' };
  return readTriggers({ evenkeel: trigger }, [logsTo], settingsOf(checkConfig(config, [logsTo]), [logsTo], 'c'));
};

it('ignores an event about a control that is not configured, and names the missing parameters', () => {
  expect(read({})).toEqual({ ignored: [{ code: 'not-configured', control: 'logs-to', missing: ['logGroup'] }] });
  expect(read({ logGroup: 'x' })).toMatchObject({ triggers: [{ control: 'logs-to' }] });
});
