import { beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../lib/text/reasons.ts';
import { HUB, hub, target } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { repaired, repairOf, request } from './rollback-script.ts';
import { HOLD, patchRow, put, seedLock, UNDONE } from './seed.ts';

const resources = new LiveResources();
const at = '2026-01-01T00:00:00.000Z';
const flapping = explain({ code: 'flapping', count: 3, minutes: 10 });

/** The number of commands that were registered. */
const commands = () => [...hub.table.rows.values()].filter(({ source }) => source === 'command').length;
const nothingStarted = () => expect([commands(), hub.started]).toEqual([0, []]);

beforeEach(() => {
  hub.deploy(resources.control());
  repaired();
});

describe('a command to roll back', () => {
  it('is recorded, stored beside the execution that it rolls back, and starts an execution', async () => {
    const { status, said } = await request({ holdDays: 7 });
    expect([status, said.kind, said.by]).toEqual([200, 'rollback', `user/${HUB}/alice`]);
    expect(JSON.parse(hub.vault.get(String(said.evidence)) ?? '')).toMatchObject({
      phase: 'command',
      outcome: 'accepted',
      command: { kind: 'rollback', by: `user/${HUB}/alice`, execution: UNDONE, reason: 'it broke the shop' },
      rollback: { execution: UNDONE, holdDays: 7 },
    });
    expect(hub.row(`rollback#${UNDONE}`)).toMatchObject({
      execution: said.startsExecution,
      by: `user/${HUB}/alice`,
    });
    expect(hub.started).toEqual([
      {
        name: said.startsExecution,
        trigger: expect.objectContaining({ source: 'rollback', control: 'rules', resource: 'x' }),
      },
    ]);
  });

  it.each<[string, () => unknown, number, string[]]>([
    ['of an unknown execution', () => hub.table.rows.clear(), 404, ['unknown-execution']],
    ['of an execution that repaired nothing', () => concludedAs('held'), 409, ['nothing-to-roll-back']],
    ['while the control is off', () => Object.assign(hub.account, { modes: {} }), 409, ['no-repair-rights']],
    ['of an irreversible repair', () => hub.deploy(irreversible()), 409, ['irreversible']],
    ['whose record is missing', () => hub.vault.clear(), 409, ['repair-record-missing']],
    ['whose record is altered', () => alter(), 409, ['record-replaced']],
    [
      'while repairs are halted',
      () => put('halt', { by: 'c', at, reason: 'INC-1' }),
      409,
      ['rollback-stopped', 'halted'],
    ],
    [
      'while the resource is on hold',
      () => put(HOLD, { at, ...flapping, actors: [] }),
      409,
      ['rollback-stopped', 'held', 'flapping'],
    ],
    ['while another execution holds the lock', () => seedLock({ holder: 'other' }), 409, ['locked']],
  ])('is refused %s', async (_, arrange, status, codes) => {
    arrange();
    const { status: answered, said } = await request();
    expect([answered, said.because?.map(({ code }) => code)]).toEqual([status, codes]);
    nothingStarted();
  });

  it.each([0, 91, 1.5, '7'])('is refused with a hold of %s days', async (holdDays) => {
    expect((await request({ holdDays })).status).toBe(400);
  });

  it('is accepted from a known person only', async () => {
    expect(await request({}, `arn:aws:sts::${HUB}:assumed-role/on-call/anybody`)).toMatchObject({ status: 403 });
    nothingStarted();
  });

  it('is refused while a rollback runs and after one was made, and accepted after one was not made', async () => {
    const started = String((await request()).said.startsExecution);
    put(`execution#${started}`, { execution: started, control: 'rules', target, phase: 'awaiting-approval' });
    expect(await request()).toMatchObject({
      status: 409,
      said: { because: [{ code: 'rollback-requested', execution: started, state: 'awaiting-approval' }] },
    });
    const ended = (outcome: 'rolled-back' | 'rejected') =>
      patchRow({ phase: 'settled', conclusion: { outcome, ...flapping } }, started);
    ended('rolled-back');
    expect(await request()).toMatchObject({ status: 409, said: { because: [{ state: 'rolled-back' }] } });
    ended('rejected');
    const again = await request();
    expect(again.status).toBe(200);
    expect(again.said.startsExecution).not.toBe(started);
  });

  it('starts a rollback that was recorded and not started when it is given again', async () => {
    const { said } = await request();
    hub.started = [];
    expect((await request()).status).toBe(409);
    expect(hub.started).toEqual([
      { name: said.startsExecution, trigger: expect.objectContaining({ source: 'rollback' }) },
    ]);
  });
});

const concludedAs = (outcome: 'held') => patchRow({ conclusion: { outcome, ...flapping } }, UNDONE);
const irreversible = () => resources.control({ repair: { reversible: false, maxMode: 'approve' } });
const alter = () => hub.vault.set(repairOf().key, repairOf({ before: { Rules: ['all'] } }).body);
