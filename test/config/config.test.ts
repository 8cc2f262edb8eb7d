import { describe, expect, it } from 'vitest';
import { gracePeriodDaysOf, modeOf } from '../../lib/config/account-modes.ts';
import { checkConfig, parametersOf } from '../../lib/config/config.ts';
import { settingsOf } from '../../lib/config/settings.ts';
import type { Control, Mode } from '../../lib/model/control.ts';
import { stubControl } from '../controls/stub-control.ts';

const repairs = stubControl({ id: 'repairs', parameters: { days: 90, ports: [22] }, repair: {} });
const careful: Control = repairs.repair
  ? { ...repairs, id: 'careful', repair: { ...repairs.repair, reversible: false, maxMode: 'approve' } }
  : repairs;
const detects = stubControl({ ...repairs, id: 'detects', repair: undefined, guidance: 'Do it.' });
const controls = [careful, detects, repairs];

const config = {
  hub: { account: '111111111111', region: 'eu-west-1' },
  owner: 'team',
  accounts: { '111111111111': { regions: ['eu-west-1'] } },
};
const check = (over: object) => checkConfig({ ...config, ...over }, controls);

it('applies the common circuit breaker limits, overridden by those of the account', () => {
  const common = { minutes: 60, repairs: 50, failures: 10 };
  const limitsOf = (over: object, account: object = {}) =>
    settingsOf(check({ ...over, accounts: { '111111111111': { regions: ['eu-west-1'], ...account } } }), controls, 'c')
      .accounts['111111111111']?.circuitBreaker;
  expect(limitsOf({})).toEqual(common);
  expect(limitsOf({ circuitBreaker: { repairs: 5 } }, { circuitBreaker: { failures: 1 } })).toEqual({
    ...common,
    repairs: 5,
    failures: 1,
  });
  expect(() => check({ circuitBreaker: { repairs: 0 } })).toThrow('circuitBreaker.repairs');
});

describe('a config', () => {
  it('sets defaults: mode observe, 400 days of retention in governance mode', () => {
    expect(check({})).toMatchObject({ mode: 'observe', evidence: { retentionDays: 400, lock: 'governance' } });
  });
  it.each([
    [{ mode: 'automatic' }, 'mode: invalid value. Allowed: "observe", "approve", "auto".'],
    [
      { controls: { repairs: 'sometimes' } },
      'controls.repairs: invalid value. Allowed: "off", "observe", "approve", "auto" or { mode, parameters, gracePeriodDays }.',
    ],
    [{ controls: { repairs: { mode: 'sometimes' } } }, 'controls.repairs'],
    [
      { controls: { nothing: 'auto' } },
      'controls.nothing: unknown control "nothing". Available: careful, detects, repairs.',
    ],
    [
      { controls: { repairs: { parameters: { weeks: 2 } } } },
      'controls.repairs.parameters.weeks: unknown parameter. Available: days, ports.',
    ],
    [
      { controls: { repairs: { parameters: { days: 'ninety' } } } },
      'controls.repairs.parameters.days: invalid value "ninety". Allowed: a value of the same type as the default, 90.',
    ],
    [
      { controls: { repairs: { parameters: { days: 0 } } } },
      'controls.repairs.parameters.days: invalid value 0. Allowed: numbers above 0',
    ],
    [
      { controls: { repairs: { parameters: { ports: [] } } } },
      'controls.repairs.parameters.ports: invalid value []. Allowed: numbers above 0, and at least one value in a list.',
    ],
    [{ controls: { repairs: { parameters: { ports: ['22'] } } } }, 'controls.repairs.parameters.ports'],
    [{ accounts: {} }, 'accounts: must name at least one account.'],
    [
      { accounts: { '111': { regions: ['eu-west-1'] } } },
      'accounts.111: must be an account number of 12 digits, in quotes.',
    ],
    [
      { accounts: { '111111111111': { regions: ['eu-west-1', 'cn-north-1'] } } },
      'accounts.111111111111.regions.1: "cn-north-1" is not in the hub\'s partition, aws. Deploy a second hub for its partition.',
    ],
    [
      { accounts: { '111111111111': { regions: [] } } },
      'accounts.111111111111.regions: must name at least one region.',
    ],
    [
      { accounts: { '111111111111': { regions: ['Ireland'] } } },
      'accounts.111111111111.regions.0: must be an AWS region such as "eu-west-1".',
    ],
    [
      { accounts: { '111111111111': { regions: ['eu-west-1'], controls: { nothing: 'off' } } } },
      'accounts.111111111111.controls.nothing: unknown control',
    ],
    [
      { accounts: { '111111111111': { regions: ['eu-west-1'], controls: { repairs: 'sometimes' } } } },
      'controls.repairs: invalid value. Allowed: "off", "observe", "approve", "auto" or { mode, gracePeriodDays }.',
    ],
    [{ controls: { repairs: { gracePeriodDays: -1 } } }, 'controls.repairs'],
    [{ backlogAbove: 0.5 }, 'backlogAbove'],
    [{ hub: { account: 111111111111, region: 'eu-west-1' } }, 'hub.account'],
    [{ owner: undefined }, 'owner'],
    [{ evidence: { digestMinutes: 61 } }, 'evidence.digestMinutes'],
    [
      { breakGlass: 'arn:aws:iam::111111111111:user/one-person' },
      'breakGlass: must be the ARN of a role such as "arn:aws:iam::111122223333:role/break-glass".',
    ],
    [
      { hub: { account: '111111111111', region: 'us-iso-east-1' } },
      'hub.region: "us-iso-east-1" is in the partition aws-iso, which Evenkeel does not support. Supported: aws, aws-us-gov, aws-cn.',
    ],
    [
      { accountRegion: 'us-gov-west-1' },
      'accountRegion: "us-gov-west-1" is not in the hub\'s partition, aws. Deploy a second hub for its partition.',
    ],
    [{ modes: 'auto' }, '(top level): unknown key "modes". Remove it or correct its spelling.'],
  ])('rejects %j with the path, the problem and the allowed values', (over, message) => {
    expect(() => check(over)).toThrow(message);
  });
  it.each([
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
  ])('rejects the hook in %s, because the partition has none', (region, partition) => {
    const elsewhere = {
      hub: { account: '111111111111', region },
      accounts: { '111111111111': { regions: [region] } },
    };
    expect(() => check({ ...elsewhere, hook: 'warn' })).toThrow(
      `hook: "warn" is not possible in the partition ${partition}, which has no AWS::CloudFormation::LambdaHook.`,
    );
    expect(check(elsewhere).hook).toBe('off');
  });
  it('lists all problems at once', () => {
    expect(() => check({ mode: 'x', owner: '' })).toThrow(/mode: [\s\S]*owner: |owner: [\s\S]*mode: /);
  });
});

describe('the mode of a control', () => {
  const modeIn = (over: object, control: Control) => modeOf(check(over), control, '111111111111');
  const account = (over: object) => ({ accounts: { '111111111111': { regions: ['eu-west-1'], ...over } } });
  it.each<[string, object, Control, Mode | 'off']>([
    ['is the default of the config', { mode: 'auto' }, repairs, 'auto'],
    [
      'is the setting of the control instead of the default',
      { mode: 'observe', controls: { repairs: 'auto' } },
      repairs,
      'auto',
    ],
    ['is limited by the account', { mode: 'auto', ...account({ mode: 'approve' }) }, repairs, 'approve'],
    ['is not raised by the account', { mode: 'approve', ...account({ mode: 'auto' }) }, repairs, 'approve'],
    [
      'is limited by the entry of the control in the account',
      { mode: 'auto', ...account({ controls: { repairs: 'observe' } }) },
      repairs,
      'observe',
    ],
    [
      'is off if the account disables the control',
      { mode: 'auto', ...account({ controls: { repairs: 'off' } }) },
      repairs,
      'off',
    ],
    ['is at most the maxMode of the control', { mode: 'auto' }, careful, 'approve'],
    ['is observe for a control without a repair', { mode: 'auto' }, detects, 'observe'],
  ])('%s', (_, over, control, mode) => expect(modeIn(over, control)).toBe(mode));
});

describe('the grace period of a control', () => {
  const withGracePeriod: Control = repairs.repair
    ? { ...repairs, repair: { ...repairs.repair, risk: 'high', gracePeriod: { days: 7, because: 'Example.' } } }
    : repairs;
  const account = (controls: object) => ({ accounts: { '111111111111': { regions: ['eu-west-1'], controls } } });
  it.each<[string, object, Control, number]>([
    ['is 0 days if the control has none', {}, repairs, 0],
    ['is the grace period of the control by default', {}, withGracePeriod, 7],
    [
      'is the setting of the config instead of the default',
      { controls: { repairs: { gracePeriodDays: 0 } } },
      withGracePeriod,
      0,
    ],
    ['can be set for a control without one', { controls: { repairs: { gracePeriodDays: 2 } } }, repairs, 2],
    [
      'is the setting of the account instead of all others',
      { controls: { repairs: { gracePeriodDays: 0 } }, ...account({ repairs: { gracePeriodDays: 30 } }) },
      withGracePeriod,
      30,
    ],
    ['is 0 days for a control without a repair', { controls: { detects: { gracePeriodDays: 3 } } }, detects, 0],
  ])('%s', (_, over, control, days) => expect(gracePeriodDaysOf(check(over), control, '111111111111')).toBe(days));
  it('can be set together with a mode', () =>
    expect(
      modeOf(
        check({ mode: 'auto', ...account({ repairs: { mode: 'approve', gracePeriodDays: 1 } }) }),
        repairs,
        '111111111111',
      ),
    ).toBe('approve'));
});

it('overrides the default parameters of a control', () => {
  expect(parametersOf(check({ controls: { repairs: { parameters: { days: 30 } } } }), repairs)).toEqual({
    days: 30,
    ports: [22],
  });
});

it('gives the functions the modes and the owner of each account', () => {
  const owned = check({
    mode: 'auto',
    controls: { careful: 'off' },
    accounts: {
      '111111111111': { regions: ['eu-west-1'] },
      '222222222222': { regions: ['us-east-1'], owner: 'other' },
    },
  });
  expect(settingsOf(owned, controls, 'abc')).toMatchObject({
    commit: 'abc',
    hub: { account: '111111111111', region: 'eu-west-1', partition: 'aws' },
    globalRegion: 'us-east-1',
    accounts: {
      '111111111111': {
        owner: { name: 'team', from: 'config default' },
        modes: { detects: 'observe', repairs: 'auto' },
      },
      '222222222222': { owner: { name: 'other', from: 'config account' }, regions: ['us-east-1'] },
    },
  });
});
