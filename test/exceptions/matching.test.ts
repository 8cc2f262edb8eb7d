import { describe, expect, it } from 'vitest';
import { exemptsLive, exemptsTemplate } from '../../lib/exceptions/matching.ts';
import { exception, NOW } from './entries.ts';

const front = { control: 'lock', stack: 'Shop', logicalId: 'Front', path: 'Shop/Entrance/Resource' };
const bucket = { account: '111111111111', region: 'eu-west-1', partition: 'aws', id: 'shop-logs' };

describe('in a template', () => {
  it.each<[string, string | undefined, boolean]>([
    ['its logical id', 'Front', true],
    ['its path', 'Shop/Entrance/Resource', true],
    ['the path of what it makes up', 'Shop/Entrance', true],
    ['a path above that', 'Shop', false],
    ['part of its name', 'Fron', false],
    ['a resource beside it', 'Back', false],
    ['no resource: the whole stack', undefined, true],
  ])('%s', (_name, resource, exempt) => {
    const parameters = exception({ template: { stack: 'Shop', resource } });
    expect(exemptsTemplate([parameters], front, NOW)).toBe(exempt ? parameters : undefined);
  });

  it('only of the control and the stack that it names, and only where it has a scope in templates', () => {
    expect(exemptsTemplate([exception()], { ...front, control: 'alarm' }, NOW)).toBeUndefined();
    expect(exemptsTemplate([exception()], { ...front, stack: 'Shop2' }, NOW)).toBeUndefined();
    const live = exception({ template: undefined, live: { account: '111111111111' } });
    expect(exemptsTemplate([live], front, NOW)).toBeUndefined();
  });

  it('a child that is not what the construct is made of is not meant', () => {
    const parameters = exception({ template: { stack: 'Shop', resource: 'Shop/Entrance' } });
    expect(exemptsTemplate([parameters], { ...front, path: 'Shop/Entrance/Sign' }, NOW)).toBeUndefined();
  });
});

describe('live', () => {
  it.each<[string, object, boolean]>([
    ['the account', { account: bucket.account }, true],
    ['another account', { account: '222222222222' }, false],
    ['the region', { account: bucket.account, region: 'eu-west-1' }, true],
    ['another region', { account: bucket.account, region: 'us-east-1' }, false],
    ['the resource', { account: bucket.account, resource: 'shop-logs' }, true],
    ['another resource', { account: bucket.account, resource: 'shop-log' }, false],
  ])('%s', (_name, live, exempt) => {
    const parameters = exception({ template: undefined, live: live as { account: string } }); // all of them have one
    expect(exemptsLive([parameters], 'lock', bucket, NOW)).toBe(exempt ? parameters : undefined);
    expect(exemptsLive([parameters], 'alarm', bucket, NOW)).toBeUndefined();
  });
});

describe('the last day', () => {
  const parameters = [exception({ expires: '2026-11-21', live: { account: bucket.account } })];
  it.each([
    ['2026-11-21T00:00:00Z', true],
    ['2026-11-21T23:59:59.999Z', true],
    ['2026-11-22T00:00:00Z', false],
    ['2026-11-22T01:00:00+02:00', true],
  ])('at %s it holds: %s', (now, exempt) => {
    expect(exemptsTemplate(parameters, front, new Date(now)) !== undefined).toBe(exempt);
    expect(exemptsLive(parameters, 'lock', bucket, new Date(now)) !== undefined).toBe(exempt);
  });

  it('of one does not end another for the same', () => {
    const renewed = exception({ id: 'renewed' });
    expect(exemptsTemplate([...parameters, renewed], front, new Date('2027-01-01'))).toBe(renewed);
  });
});
