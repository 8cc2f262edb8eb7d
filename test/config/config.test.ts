import { describe, expect, it } from 'vitest';
import { checkConfig, parametersOf } from '../../lib/config/config.ts';
import { gracePeriodDaysOf, modeOf } from '../../lib/config/modes.ts';
import { settingsOf } from '../../lib/config/settings.ts';
import { type Control, defineControl, type Mode } from '../../lib/model/control.ts';

type Flag = { readonly Flag?: boolean };
const base = defineControl({
  id: 'repairs',
  title: 'Example',
  rationale: 'Example.',
  severity: 'low',
  resource: 'AWS::S3::Bucket',
  scope: 'regional',
  frameworks: {},
  detect: { by: 'custom-rule' },
  configId: 'id',
  violationExamples: [{}],
  services: ['s3'],
  triggers: {},
  parameters: { days: 90, ports: [22] },
  check: (_state: Flag) => 'compliant',
  observe: { actions: [], async *list() {}, read: async () => ({}) },
  repair: {
    actions: [],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    desired: (state) => state,
    write: async () => undefined,
  },
});
const repairs: Control = base;
const careful: Control = repairs.repair
  ? { ...repairs, id: 'careful', repair: { ...repairs.repair, reversible: false, maxMode: 'approve' } }
  : repairs;
const detects: Control = { ...repairs, id: 'detects', repair: undefined, guidance: 'Do it.' };
const controls = [careful, detects, repairs];

const config = {
  hub: { account: '111111111111', region: 'eu-west-1' },
  owner: 'team',
  accounts: { '111111111111': { regions: ['eu-west-1'] } },
};
const check = (over: object) => checkConfig({ ...config, ...over }, controls);

it('holds an account to the usual breaker, but for what is said of it alone', () => {
  const usual = { minutes: 60, repairs: 50, failures: 10 };
  const breakerOf = (over: object, account: object = {}) =>
    settingsOf(check({ ...over, accounts: { '111111111111': { regions: ['eu-west-1'], ...account } } }), controls, 'c')
      .accounts['111111111111']?.circuitBreaker;
  expect(breakerOf({})).toEqual(usual);
  expect(breakerOf({ circuitBreaker: { repairs: 5 } }, { circuitBreaker: { failures: 1 } })).toEqual({
    ...usual,
    repairs: 5,
    failures: 1,
  });
  expect(() => check({ circuitBreaker: { repairs: 0 } })).toThrow('circuitBreaker.repairs');
});

describe('a config', () => {
  it('observes unless told otherwise', () => {
    expect(check({})).toMatchObject({ mode: 'observe', evidence: { retentionDays: 400, lock: 'governance' } });
  });
  it.each([
    [{ mode: 'automatic' }, 'mode: allowed are "observe", "approve", "auto".'],
    [
      { controls: { repairs: 'sometimes' } },
      'controls.repairs: allowed are "off", "observe", "approve", "auto" or { mode, given, graceDays }.',
    ],
    [{ controls: { repairs: { mode: 'sometimes' } } }, 'controls.repairs'],
    [
      { controls: { nothing: 'auto' } },
      'controls.nothing: there is no control "nothing"; the controls are careful, detects, repairs.',
    ],
    [
      { controls: { repairs: { parameters: { weeks: 2 } } } },
      'controls.repairs.given.weeks: the control has no such parameter; it has days, ports.',
    ],
    [
      { controls: { repairs: { parameters: { days: 'ninety' } } } },
      'controls.repairs.given.days: is "ninety"; give it the type of its default, 90.',
    ],
    [
      { controls: { repairs: { parameters: { days: 0 } } } },
      'controls.repairs.given.days: is 0; give it numbers above 0',
    ],
    [
      { controls: { repairs: { parameters: { ports: [] } } } },
      'controls.repairs.given.ports: is []; give it numbers above 0',
    ],
    [{ controls: { repairs: { parameters: { ports: ['22'] } } } }, 'controls.repairs.given.ports'],
    [{ accounts: {} }, 'accounts: must name at least one account to govern.'],
    [
      { accounts: { '111': { regions: ['eu-west-1'] } } },
      'accounts.111: must be an account number of 12 digits, in quotes.',
    ],
    [
      { accounts: { '111111111111': { regions: ['eu-west-1', 'cn-north-1'] } } },
      'accounts.111111111111.regions.1: "cn-north-1" is not in the hub\'s partition aws; give it a hub of its own.',
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
      'accounts.111111111111.controls.nothing: there is no control',
    ],
    [
      { accounts: { '111111111111': { regions: ['eu-west-1'], controls: { repairs: 'sometimes' } } } },
      'controls.repairs: allowed are "off", "observe", "approve", "auto" or { mode, graceDays }.',
    ],
    [{ controls: { repairs: { gracePeriodDays: -1 } } }, 'controls.repairs'],
    [{ backlogAbove: 0.5 }, 'backlogAbove'],
    [{ hub: { account: 111111111111, region: 'eu-west-1' } }, 'hub.account'],
    [{ owner: undefined }, 'owner'],
    [{ evidence: { digestMinutes: 61 } }, 'evidence.digestMinutes'],
    [
      { breakGlass: 'arn:aws:iam::111111111111:user/somebody' },
      'breakGlass: must be the ARN of a role such as "arn:aws:iam::111122223333:role/break-glass".',
    ],
    [{ modes: 'auto' }, '(the whole config): unknown "modes"; remove it or correct its spelling.'],
  ])('%j is refused, naming path and remedy', (over, message) => {
    expect(() => check(over)).toThrow(message);
  });
  it('names every fault at once', () => {
    expect(() => check({ mode: 'x', owner: '' })).toThrow(/mode: [\s\S]*owner: |owner: [\s\S]*mode: /);
  });
});

describe('the mode of a control', () => {
  const modeIn = (over: object, control: Control) => modeOf(check(over), control, '111111111111');
  const account = (over: object) => ({ accounts: { '111111111111': { regions: ['eu-west-1'], ...over } } });
  it.each<[string, object, Control, Mode | 'off']>([
    ['is the config’s', { mode: 'auto' }, repairs, 'auto'],
    ['is its own before the config’s', { mode: 'observe', controls: { repairs: 'auto' } }, repairs, 'auto'],
    ['is held down by the account', { mode: 'auto', ...account({ mode: 'approve' }) }, repairs, 'approve'],
    ['is not raised by the account', { mode: 'approve', ...account({ mode: 'auto' }) }, repairs, 'approve'],
    [
      'is held down in one account',
      { mode: 'auto', ...account({ controls: { repairs: 'observe' } }) },
      repairs,
      'observe',
    ],
    ['is off where it is switched off', { mode: 'auto', ...account({ controls: { repairs: 'off' } }) }, repairs, 'off'],
    ['never goes above its ceiling', { mode: 'auto' }, careful, 'approve'],
    ['is observe for what only detects', { mode: 'auto' }, detects, 'observe'],
  ])('%s', (_, over, control, mode) => expect(modeIn(over, control)).toBe(mode));
});

describe('the time that a repair waits for the owner', () => {
  const interrupts: Control = repairs.repair
    ? { ...repairs, repair: { ...repairs.repair, risk: 'high', gracePeriod: { days: 7, because: 'Somebody.' } } }
    : repairs;
  const account = (controls: object) => ({ accounts: { '111111111111': { regions: ['eu-west-1'], controls } } });
  it.each<[string, object, Control, number]>([
    ['is none where nobody is interrupted', {}, repairs, 0],
    ['is what the control says', {}, interrupts, 7],
    ['is the config’s before that', { controls: { repairs: { gracePeriodDays: 0 } } }, interrupts, 0],
    ['can be asked for by anybody', { controls: { repairs: { gracePeriodDays: 2 } } }, repairs, 2],
    [
      'is the account’s before all',
      { controls: { repairs: { gracePeriodDays: 0 } }, ...account({ repairs: { gracePeriodDays: 30 } }) },
      interrupts,
      30,
    ],
    ['is none where nothing is repaired', { controls: { detects: { gracePeriodDays: 3 } } }, detects, 0],
  ])('%s', (_, over, control, days) => expect(gracePeriodDaysOf(check(over), control, '111111111111')).toBe(days));
  it('stands beside a mode', () =>
    expect(
      modeOf(
        check({ mode: 'auto', ...account({ repairs: { mode: 'approve', gracePeriodDays: 1 } }) }),
        repairs,
        '111111111111',
      ),
    ).toBe('approve'));
});

it('gives parameters in place of a control’s defaults', () => {
  expect(parametersOf(check({ controls: { repairs: { parameters: { days: 30 } } } }), repairs)).toEqual({
    days: 30,
    ports: [22],
  });
});

it('tells the functions what each account is held to, and who answers for it', () => {
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
