import { beforeEach, describe, expect, it, vi } from 'vitest';
import { explain } from '../../lib/text/reasons.ts';
import { exception } from '../exceptions/entries.ts';
import { failWith } from './fake-aws.ts';
import { ACCOUNT, hub, target } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { put, seed } from './seed.ts';

const [old, fresh] = ['2026-11-20T06:00:00.000Z', '2026-11-21T06:00:00.000Z'];
const because = explain({ code: 'flapping', count: 3, minutes: 10 });

const remind = () => hub.invoke('remind', undefined);
const at = (time: string) => vi.setSystemTime(`2026-11-21T${time}:00.000Z`);
const gauges = () => Object.fromEntries(hub.metrics.map(({ name, value }) => [name, value]));

const halt = () => put('halt', { by: 'carol', at: fresh, reason: 'incident' });
const approval = (execution: string, admittedAt: string, over: object = {}) =>
  seed({ execution, phase: 'awaiting-approval', openAs: 'approval', approvalToken: 'secret', admittedAt, ...over });
const backlog = (since: string) =>
  put(`rollout#rules#${ACCOUNT}`, { openAs: 'backlog', control: 'rules', account: ACCOUNT, since, ...because });
const hold = (id = 'x', over: object = {}) =>
  put(`hold#rules#${ACCOUNT}#eu-west-1#${id}`, {
    openAs: 'hold',
    control: 'rules',
    target,
    at: fresh,
    ...because,
    actors: [],
    execution: 'h',
    ...over,
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  at('07:00');
  hub.deploy(new LiveResources().control());
});

describe('Remind', () => {
  it('publishes the numbers of pending items, zeros included', async () => {
    const none = { halted: 0, pendingApprovals: 0, held: 0, pendingBacklogs: 0, openCircuitBreakers: 0 };
    await remind();
    expect(gauges()).toEqual(none);
    halt();
    approval('e', fresh);
    hold();
    hold('y');
    backlog(fresh);
    put(`circuit-breaker#${ACCOUNT}`, { openAs: 'circuit-breaker', account: ACCOUNT, since: fresh, ...because });
    await remind();
    expect(gauges()).toEqual({ halted: 1, pendingApprovals: 1, held: 2, pendingBacklogs: 1, openCircuitBreakers: 1 });
  });

  it('sends a reminder of approvals that are a day old, and of every hold and halt, without a task token', async () => {
    halt();
    approval('new', fresh);
    approval('late', old, { rollback: { execution: 'r', holdDays: 14 } });
    hold();
    await remind();
    expect(hub.published).toMatchObject([
      {
        type: 'Evenkeel Reminder',
        detail: {
          day: '2026-11-21',
          pending: {
            halt: { by: 'carol' },
            approvals: [{ since: old, owner: 'payments-team', rollback: 'r' }],
            holds: [{ execution: 'h' }],
          },
        },
      },
    ]);
    expect(JSON.stringify(hub.published)).not.toContain('secret');
  });

  it('sends none for holds that an operator limited, or for backlogs, which the sweep announces', async () => {
    approval('e', fresh);
    hold('x', { until: '2026-12-01T00:00:00.000Z' });
    backlog(old);
    await remind();
    expect(hub.published).toEqual([]);
  });

  it('does not count a hold that has ended, even if the table still holds it', async () => {
    hold('x', { until: old });
    await remind();
    expect(gauges().held).toBe(0);
  });

  it('sends one reminder a day, from the configured hour on', async () => {
    hold();
    at('06:45');
    await remind();
    expect(hub.published).toEqual([]);
    for (const time of ['07:00', '07:00', '07:15', '23:45']) {
      at(time);
      await remind();
    }
    expect(hub.published).toHaveLength(1);
    vi.setSystemTime('2026-11-22T07:00:00.000Z');
    await remind();
    expect(hub.published).toHaveLength(2);
  });

  it('retries a failed reminder a quarter of an hour later, and not at once', async () => {
    hold();
    hub.on('PutEvents', failWith('InternalException', 'the bus is away'));
    await expect(remind()).rejects.toThrow('away');
    hub.off('PutEvents');
    await remind();
    expect(hub.published).toEqual([]);
    at('07:15');
    await remind();
    expect(hub.published).toHaveLength(1);
  });

  it.each([
    ['2026-12-05', 14],
    ['2026-11-28', 7],
    ['2026-11-22', 1],
  ])('announces that an exception expires on %s, in %i days', async (expires, days) => {
    hub.exceptions.push(exception({ expires }));
    await remind();
    expect(hub.published).toMatchObject([
      { type: 'Evenkeel Exception Expiring', detail: { days, exception: { expires } } },
    ]);
  });

  it.each(['2026-12-06', '2026-12-04', '2026-11-29', '2026-11-21', '2026-11-20'])(
    'announces nothing for an exception that expires on %s',
    async (expires) => {
      hub.exceptions.push(exception({ expires }));
      await remind();
      expect(hub.published).toEqual([]);
    },
  );
});
