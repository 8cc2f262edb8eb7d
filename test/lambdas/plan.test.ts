import { beforeEach, describe, expect, it } from 'vitest';
import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import type { Mode } from '../../lib/model/control.ts';
import { exception } from '../exceptions/entries.ts';
import { ACCOUNT, hub, target } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { user } from './repair-script.ts';
import { E, patchRow, row, seed, seedLock } from './seed.ts';

const before = { Rules: ['open'] };
const desired = { Rules: ['low', 'high'] };
const applies = exception({ control: 'rules', live: { account: ACCOUNT, resource: 'x' }, expires: '9999-12-31' });
const arn = `arn:aws:ec2:eu-west-1:${ACCOUNT}:security-group/x`;

const plan = () => hub.invoke('plan', { execution: E });
const record = (): Partial<EvidenceRecord> => hub.records.at(-1) ?? {};
const settles = { execution: E, next: 'settle' };
const mode = (one: Mode) => Object.assign(hub.account, { modes: { rules: one } });
const tag = (tags: { readonly [key: string]: string }) =>
  hub.on('GetResources', () => ({
    ResourceTagMappingList: [{ ResourceARN: arn, Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }],
  }));

let resources: LiveResources;
beforeEach(() => {
  resources = new LiveResources();
  resources.live = before;
  hub.deploy(resources.control());
  hub.account.owner = { name: 'platform', from: 'config default' };
  // A call by a known identity is repaired at once.
  seed({ phase: 'admitted', source: 'cloudtrail', actor: user('dev') });
  seedLock();
});

describe('Plan', () => {
  it('writes the plan of a repair, and continues with it', async () => {
    expect(await plan()).toEqual({ execution: E, next: 'repair' });
    expect(record()).toMatchObject({ phase: 'plan', before, desired });
    expect(record().exception).toBeUndefined();
    expect(row()).toMatchObject({
      phase: 'planned',
      undigested: E,
      records: [{ key: expect.stringMatching(/1-plan/) }],
    });
  });

  it('passes on an event that Admit could not start because of the concurrency limit', async () => {
    const queued = { execution: '', next: 'queue' } as const;
    expect(await hub.invoke('plan', queued)).toEqual(queued);
  });

  it.each(['auto', 'approve', 'observe'] as const)(
    'exempts a resource in mode %s, and records the whole exception',
    async (one) => {
      mode(one);
      hub.exceptions.push(applies);
      expect(await plan()).toEqual(settles);
      expect(record()).toMatchObject({ phase: 'plan', verdict: { violation: 'A rule is open.' }, exception: applies });
      expect(row()).toMatchObject({
        phase: 'concluded',
        conclusion: {
          outcome: 'exempt',
          exception: applies,
          because: [expect.objectContaining({ code: 'exempt', exception: 'front-door' })],
        },
      });
    },
  );

  it('requests approval when a tag requires it, and stores that for every later step', async () => {
    tag({ 'evenkeel:mode': 'approve', owner: 'shop-team' });
    const owner = { name: 'shop-team', from: 'resource tag' };
    const because = [expect.objectContaining({ code: 'tag-requires-approval' })];
    expect(await plan()).toEqual({ execution: E, next: 'approve' });
    expect(record()).toMatchObject({ owner, origin: 'unmanaged', mode: 'approve', because });
    expect(row()).toMatchObject({
      phase: 'planned',
      context: { owner, origin: 'unmanaged', because },
      maxMode: 'approve',
    });
    expect(await plan()).toEqual({ execution: E, next: 'approve' });
  });

  it.each(['approve', 'observe'] as const)('does not exceed mode %s because of a tag', async (one) => {
    mode(one);
    tag({ 'evenkeel:mode': 'auto' });
    expect(await plan()).toEqual({ execution: E, next: one === 'approve' ? 'approve' : 'settle' });
    expect(record()).toMatchObject({ mode: one });
  });

  it('records the last use of what the repair removes, and needs approval when that cannot be read', async () => {
    const lastUse = [{ what: 'key', at: '2026-11-20T00:00:00.000Z', service: 's3', region: 'r' }];
    hub.deploy(resources.control({ repair: { circumstances: { actions: [], caution: async () => ({ lastUse }) } } }));
    expect(await plan()).toEqual({ execution: E, next: 'repair' });
    expect(record().lastUse).toEqual(lastUse);
    const caution = () => Promise.reject(new Error('Throttling'));
    hub.deploy(resources.control({ repair: { circumstances: { actions: [], caution } } }));
    patchRow({ phase: 'admitted' });
    expect(await plan()).toEqual({ execution: E, next: 'approve' });
    expect(record().lastUse).toBeUndefined();
    expect(record().because).toEqual([{ code: 'circumstances-unreadable', error: 'Error: Throttling' }]);
  });

  it('lowers the mode as the circumstances of a resource require, and records why', async () => {
    const caution = async () => ({ maxMode: 'approve', because: 'The group is in use.' }) as const;
    hub.deploy(resources.control({ repair: { circumstances: { actions: [], caution } } }));
    tag({ 'evenkeel:mode': 'off' });
    expect(await plan()).toEqual({ execution: E, next: 'approve' });
    expect(record().because).toEqual([
      expect.objectContaining({ code: 'tag-ignored', value: 'off' }),
      { code: 'caution', sentence: 'The group is in use.' },
    ]);
  });

  it('records an exemption for each execution', async () => {
    hub.exceptions.push(applies);
    await plan();
    const later = E.replace('e', 'd');
    seed({ execution: later, phase: 'admitted' });
    await hub.invoke('plan', { execution: later });
    expect(hub.records).toHaveLength(2);
  });

  it('plans a repair when the exception has expired', async () => {
    hub.exceptions.push({ ...applies, expires: '2026-01-31' });
    expect(await plan()).toEqual({ execution: E, next: 'repair' });
    expect(record().exception).toBeUndefined();
  });

  describe('of a violation in a backlog', () => {
    beforeEach(() => patchRow({ source: 'sweep', actor: undefined }));
    const backlog = `backlog#rules#${ACCOUNT}#eu-west-1#x`;

    it.each(['auto', 'approve'] as const)('writes the plan in mode %s, and does not carry it out', async (one) => {
      mode(one);
      expect(await plan()).toEqual(settles);
      expect(record()).toMatchObject({ phase: 'plan', desired });
      expect(row()).toMatchObject({ phase: 'concluded', conclusion: { outcome: 'held', after: before } });
      expect(hub.row(backlog)).toMatchObject({ control: 'rules', target, execution: E });
    });

    it('exempts or only observes it where it is not repaired at all', async () => {
      mode('observe');
      await plan();
      expect(row().conclusion).toMatchObject({ outcome: 'observed' });
      mode('auto');
      hub.exceptions.push(applies);
      patchRow({ phase: 'admitted' });
      await plan();
      expect(row().conclusion).toMatchObject({ outcome: 'exempt' });
      expect(hub.row(backlog)).toBeUndefined();
    });
  });

  it('does not exempt a compliant resource', async () => {
    resources.live = desired;
    hub.exceptions.push(applies);
    await plan();
    expect(row().conclusion).toMatchObject({ outcome: 'compliant' });
  });

  it('returns the same next step on a retry, without another record', async () => {
    hub.exceptions.push(applies);
    await plan();
    expect(await plan()).toEqual(settles);
    expect(row().records).toHaveLength(1);
  });
});
