import { describe, expect, it } from 'vitest';
import { exemptsLive, exemptsTemplate } from '../../lib/exceptions/matching.ts';
import { exception, NOW } from './entries.ts';

const front = { control: 'lock', stack: 'Shop', logicalId: 'Front', path: 'Shop/Entrance/Resource' };
const bucket = { account: '111111111111', region: 'eu-west-1', partition: 'aws', id: 'shop-logs' };

describe('a resource of a template is exempt by', () => {
  it.each<[string, string | undefined, boolean]>([
    ['its logical id', 'Front', true],
    ['its path', 'Shop/Entrance/Resource', true],
    ['the path of its construct', 'Shop/Entrance', true],
    ['a path above its construct', 'Shop', false],
    ['part of its name', 'Fron', false],
    ['another resource', 'Back', false],
    ['no resource: the whole stack', undefined, true],
  ])('%s', (_name, resource, exempt) => {
    const entry = exception({ template: { stack: 'Shop', resource } });
    expect(exemptsTemplate([entry], front, NOW)).toBe(exempt ? entry : undefined);
  });

  it('the control, the stack and a scope in templates together', () => {
    expect(exemptsTemplate([exception()], { ...front, control: 'alarm' }, NOW)).toBeUndefined();
    expect(exemptsTemplate([exception()], { ...front, stack: 'Shop2' }, NOW)).toBeUndefined();
    const live = exception({ template: undefined, live: { account: '111111111111' } });
    expect(exemptsTemplate([live], front, NOW)).toBeUndefined();
  });

  it('its own construct, and not by a construct around it', () => {
    const entry = exception({ template: { stack: 'Shop', resource: 'Shop/Entrance' } });
    expect(exemptsTemplate([entry], { ...front, path: 'Shop/Entrance/Sign' }, NOW)).toBeUndefined();
  });
});

describe('a live resource is exempt by', () => {
  it.each<[string, object, boolean]>([
    ['the account', { account: bucket.account }, true],
    ['another account', { account: '222222222222' }, false],
    ['the region', { account: bucket.account, region: 'eu-west-1' }, true],
    ['another region', { account: bucket.account, region: 'us-east-1' }, false],
    ['the resource', { account: bucket.account, resource: 'shop-logs' }, true],
    ['another resource', { account: bucket.account, resource: 'shop-log' }, false],
  ])('%s', (_name, live, exempt) => {
    const entry = exception({ template: undefined, live: live as { account: string } }); // all of them have one
    expect(exemptsLive([entry], 'lock', bucket, NOW)).toBe(exempt ? entry : undefined);
    expect(exemptsLive([entry], 'alarm', bucket, NOW)).toBeUndefined();
  });
});

describe('the last day of an exception', () => {
  const entries = [exception({ expires: '2026-11-21', live: { account: bucket.account } })];
  it.each([
    ['2026-11-21T00:00:00Z', true],
    ['2026-11-21T23:59:59.999Z', true],
    ['2026-11-22T00:00:00Z', false],
    ['2026-11-22T01:00:00+02:00', true],
  ])('at %s it applies: %s', (now, exempt) => {
    expect(exemptsTemplate(entries, front, new Date(now)) !== undefined).toBe(exempt);
    expect(exemptsLive(entries, 'lock', bucket, new Date(now)) !== undefined).toBe(exempt);
  });

  it('does not end another exception for the same resource', () => {
    const renewed = exception({ id: 'renewed' });
    expect(exemptsTemplate([...entries, renewed], front, new Date('2027-01-01'))).toBe(renewed);
  });
});
