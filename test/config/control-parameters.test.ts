import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../lib/config/config.ts';
import { configuredParametersAt, parametersAt } from '../../lib/config/control-parameters.ts';
import { settingsOf } from '../../lib/config/settings.ts';
import { LOG_GROUP, logGroupIn, logsTo } from '../controls/placed-control.ts';
import { stubControl } from '../controls/stub-control.ts';

const account = '111111111111';
const plain = stubControl({ id: 'plain', parameters: { days: 90, texts: ['a'] } });
const settings = (parameters: object, over: object = {}) => {
  const config = {
    hub: { account, region: 'eu-west-1' },
    owner: 'team',
    mode: 'auto',
    accounts: { [account]: { regions: ['eu-west-1'] } },
    controls: { 'logs-to': { parameters } },
    ...over,
  };
  return settingsOf(checkConfig(config, [logsTo, plain]), [logsTo, plain], 'c');
};
const place = { account, region: 'eu-west-1', partition: 'aws' };

describe('a parameter', () => {
  it('gets the account, the region and the partition of the place', () => {
    const { logGroup } = configuredParametersAt(settings({ logGroup: LOG_GROUP }), logsTo, place);
    expect(logGroup).toBe(logGroupIn(account, 'eu-west-1'));
  });

  it('gets them in every item of a list', () => {
    const all = { parameters: { plain: { texts: ['{account}/{id}', 'x'], ports: [1], on: true } } };
    expect(parametersAt(all, plain, place)).toEqual({ texts: [`${account}/{id}`, 'x'], ports: [1], on: true });
  });
});

describe('a control without a value for a required parameter', () => {
  const without = settings({});
  it('is not configured', () => {
    expect(parametersAt(without, logsTo, place)).toBe('not-configured');
    expect(without.notConfigured).toEqual([{ control: 'logs-to', missing: ['logGroup'] }]);
    expect(settings({ logGroup: 'x' }).notConfigured).toEqual([]);
  });
  it('has no mode in any account', () => {
    expect(without.accounts[account]?.modes).toEqual({ plain: 'observe' });
    expect(settings({ logGroup: 'x' }).accounts[account]?.modes).toEqual({ plain: 'observe', 'logs-to': 'auto' });
  });
  it('is not reported where it is off everywhere', () => {
    expect(settings({}, { controls: { 'logs-to': 'off' } }).notConfigured).toEqual([]);
  });
  it('stops an execution that began before the value was removed', () => {
    expect(() => configuredParametersAt(without, logsTo, place)).toThrow(
      'Control "logs-to" is not configured, because a required parameter has no value. Set logGroup in the config, under controls.logs-to.parameters.',
    );
  });
});

describe('the config', () => {
  const path = 'controls.logs-to.parameters';
  it.each([
    [{ logGroups: 'x' }, `${path}.logGroups: unknown parameter. Available: days, logGroup.`],
    [{ logGroup: 5 }, `${path}.logGroup: invalid value 5. Allowed: a string.`],
    [{ logGroup: ['x'] }, `${path}.logGroup: invalid value ["x"]. Allowed: a string.`],
    [{ logGroup: '' }, `${path}.logGroup: invalid value "".`],
    [
      { logGroup: '{acount}:{region}' },
      `${path}.logGroup: unknown placeholder {acount}. Allowed: {account}, {region}, {partition}.`,
    ],
  ])('rejects %j', (parameters, message) => {
    expect(() => settings(parameters)).toThrow(message);
  });
});
