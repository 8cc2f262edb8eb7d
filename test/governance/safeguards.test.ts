import { expect, it, vi } from 'vitest';
import { stopReason } from '../../lib/governance/safeguards.ts';
import { explain } from '../../lib/text/reasons.ts';

vi.mock('../../lambdas/runtime/environment.ts', () => ({ variable: () => 'table' }));
const { countRepair, placeHold } = await import('../../lambdas/store/holds.ts');

const subject = { control: 'c', target: { account: '1', region: 'r', partition: 'aws', id: 'x' } };
const hold = { at: '2026-01-01T00:00:00.000Z', ...explain({ code: 'flapping', count: 3, minutes: 10 }), actors: [] };
const until = '2026-01-15T00:00:00.000Z';

it('a hold without an end lasts until it is released', () => {
  expect(stopReason({ hold, repairs: [] }, Date.parse('2036-01-01'), 'e')).toMatchObject({ opensHold: false });
  expect(placeHold(subject, hold).Put?.Item).toMatchObject({ ttl: undefined, openAs: 'hold' });
});

it('counting a repair keeps the hold in the table', () => {
  const counted = countRepair(subject, 0).Update;
  expect(counted?.UpdateExpression).toContain('#ttl');
  expect(counted?.Key).not.toEqual({ pk: placeHold(subject, hold).Put?.Item?.pk });
});

it('a hold with an end stops repairs until that time', () => {
  const safeguards = { hold: { ...hold, until }, repairs: [] };
  expect(stopReason(safeguards, Date.parse(until) - 1, 'e')).toEqual({
    because: [
      { code: 'held', at: hold.at, until },
      { code: 'flapping', count: 3, minutes: 10 },
    ],
    opensHold: false,
  });
  expect(stopReason(safeguards, Date.parse(until), 'e')).toBeUndefined();
  expect(placeHold(subject, safeguards.hold).Put?.Item).toMatchObject({ ttl: Date.parse(until) / 1000 });
});

it('a hold does not stop the execution that placed it', () => {
  const safeguards = { hold: { ...hold, until, execution: 'e' }, repairs: [] };
  const before = Date.parse(until) - 1;
  expect(stopReason(safeguards, before, 'e')).toBeUndefined();
  expect(stopReason(safeguards, before, 'f')).toBeDefined();
});
