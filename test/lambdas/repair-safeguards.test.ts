import { describe, expect, it } from 'vitest';
import type { Safeguards } from '../../lib/governance/safeguards.ts';
import { explain } from '../../lib/text/reasons.ts';
import { awsError } from './fake-aws.ts';
import { hub, target } from './hub.ts';
import { aws, before, closing, decide, desired, machine, repair, useRepairScript, user } from './repair-script.ts';
import { BREAKER, E, HISTORY, HOLD, patchRow, put, row } from './seed.ts';

const halt = { by: 'user/111111111111/alice', at: '2026-01-01T00:00:00.000Z', reason: 'an incident' };
const halted = { code: 'halted', ...halt };
const haltAll = () => put('halt', halt);
const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
const quarrel = explain({ code: 'flapping', count: 3, minutes: 10 });
const hold: Safeguards['hold'] = { at: '2026-01-01T00:00:00.000Z', ...quarrel, actors: [] };

useRepairScript();

describe('while repairs are halted', () => {
  it('changes nothing, and says who halted them', async () => {
    haltAll();
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([]);
    expect(row().conclusion).toMatchObject({ outcome: 'held', because: [halted], after: before });
  });

  it('does not write again, and reports that a change may be in progress', async () => {
    aws.resources.onWrite = () => 'pending';
    expect((await repair()).next).toBe('wait');
    haltAll();
    expect((await repair()).next).toBe('settle');
    expect(aws.resources.writes).toEqual([desired]);
    expect(row().conclusion).toMatchObject({ outcome: 'held', because: [halted, { code: 'may-be-in-progress' }] });
  });

  it('still reads back a change made before', async () => {
    aws.resources.onWrite = (state) => {
      aws.resources.store(state);
      return 'pending';
    };
    expect((await repair()).next).toBe('wait');
    haltAll();
    expect((await repair()).next).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('does not restore lost settings, and escalates that', async () => {
    aws.resources.onWrite = () => {
      haltAll();
      return aws.resources.store({ Rules: ['open', 'low'] });
    };
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([desired]);
    expect(closing()).toMatchObject({
      outcome: 'escalated',
      because: [{ code: 'still-in-violation' }, { code: 'loss-while-halted' }, halted],
    });
  });
});

it('changes nothing while the safeguards cannot be read, and escalates in the end', async () => {
  hub.on('BatchGet', () => {
    throw awsError('ThrottlingException');
  });
  expect(await machine()).toBe('escalate');
  expect(aws.resources.writes).toEqual([]);
});

describe('a flapping resource', () => {
  it.each([
    ['4th within 10 minutes', [1, 5, 9]],
    ['11th within 24 hours', Array.from({ length: 10 }, (_, index) => 60 + index * 120)],
  ])('gets no %s repair: it is escalated and put on hold, with the identity that reverts it', async (_, repairs) => {
    const actor = user('mallory');
    patchRow({ actor });
    put(HISTORY, { repairs: repairs.map(minutesAgo) });
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([]);
    expect(row().conclusion).toMatchObject({
      outcome: 'escalated',
      because: [
        expect.objectContaining({ code: 'flapping' }),
        { code: 'reverted-by', identities: [actor.arn] },
        { code: 'release-hold', execution: E },
      ],
      reason: expect.stringMatching(/user\/mallory.*evenkeel release /),
    });
    expect(hub.row(HOLD)).toEqual({
      pk: HOLD,
      openAs: 'hold',
      control: 'rules',
      target,
      at: expect.any(String),
      because: [expect.objectContaining({ code: 'flapping' })],
      reason: expect.any(String),
      actors: [actor],
      owner: 'payments-team',
      execution: E,
    });
  });

  it.each([
    ['3rd within 10 minutes', [1, 5]],
    ['4th within 11 minutes', [1, 5, 11]],
    ['11th within 25 hours', Array.from({ length: 10 }, (_, index) => 60 + index * 155)],
  ])('gets the %s repair', async (_, repairs) => {
    put(HISTORY, { repairs: repairs.map(minutesAgo) });
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('stays on hold without another escalation', async () => {
    put(HOLD, hold);
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([]);
    expect(row().conclusion).toMatchObject({
      outcome: 'held',
      because: [
        { code: 'held', at: hold.at },
        { code: 'flapping', count: 3, minutes: 10 },
      ],
    });
    expect(hub.row(HOLD)).toEqual({ pk: HOLD, ...hold });
  });
});

describe("while the account's circuit breaker is open", () => {
  const open = () => put(BREAKER, { since: '2026-01-01T00:00:00.000Z', ...quarrel });
  const awaiting = () => patchRow({ phase: 'awaiting-approval' });

  it('requests approval, and still needs it when the circuit breaker closes', async () => {
    open();
    expect(await machine()).toBe('approve');
    expect(aws.resources.writes).toEqual([]);
    expect(row()).toMatchObject({ phase: 'planned', maxMode: 'approve', attempts: 0 });
    hub.table.rows.delete(BREAKER);
    awaiting();
    expect(await machine()).toBe('approve');
    expect(aws.resources.writes).toEqual([]);
    decide('alice', 'bob');
    expect(await machine()).toBe('settle');
    expect(aws.resources.writes).toEqual([desired]);
    expect(closing()).toMatchObject({ outcome: 'repaired', mode: 'approve' });
  });

  it('carries out an approved plan', async () => {
    open();
    expect(await machine()).toBe('approve');
    awaiting();
    decide('alice', 'bob');
    expect(await machine()).toBe('settle');
    expect(closing()).toMatchObject({ outcome: 'repaired' });
  });

  it('does not claim a repair that another identity made while approval was requested', async () => {
    open();
    expect(await machine()).toBe('approve');
    awaiting();
    decide('alice', 'bob');
    aws.resources.live = desired;
    expect(await machine()).toBe('settle');
    expect(row().conclusion).toMatchObject({ outcome: 'compliant' });
  });
});
