import { expect, it, vi } from 'vitest';
import { stoppedBy } from '../../lib/brakes.ts';

vi.mock('../../lambdas/shared/environment.ts', () => ({ variable: () => 'table' }));
const { countRepair, setHold } = await import('../../lambdas/shared/brakes.ts');

const subject = { control: 'c', target: { account: '1', region: 'r', partition: 'aws', id: 'x' } };
const hold = { at: '2026-01-01T00:00:00.000Z', reason: 'a quarrel', actors: [] };
const until = '2026-01-15T00:00:00.000Z';

it('a hold without an end stands until somebody releases it', () => {
  expect(stoppedBy({ hold, repairs: [] }, Date.parse('2036-01-01'), 'e')).toMatchObject({ trips: false });
  expect(setHold(subject, hold).Put?.Item).toMatchObject({ ttl: undefined, openAs: 'hold' });
});

it('counting a repair does not let the table forget a hold', () => {
  const counted = countRepair(subject, 0).Update;
  expect(counted?.UpdateExpression).toContain('#ttl');
  expect(counted?.Key).not.toEqual({ pk: setHold(subject, hold).Put?.Item?.pk });
});

it('a hold with an end stops repairs up to it, and says so', () => {
  const brakes = { hold: { ...hold, until }, repairs: [] };
  expect(stoppedBy(brakes, Date.parse(until) - 1, 'e')).toEqual({
    reason: `Held since ${hold.at} until ${until}: a quarrel`,
    trips: false,
  });
  expect(stoppedBy(brakes, Date.parse(until), 'e')).toBeUndefined();
  expect(setHold(subject, brakes.hold).Put?.Item).toMatchObject({ ttl: Date.parse(until) / 1000 });
});

it('a hold does not stop the execution that set it, and stops every other', () => {
  const brakes = { hold: { ...hold, until, execution: 'e' }, repairs: [] };
  const before = Date.parse(until) - 1;
  expect(stoppedBy(brakes, before, 'e')).toBeUndefined();
  expect(stoppedBy(brakes, before, 'f')).toBeDefined();
});
