import { describe, expect, it } from 'vitest';
import { sparesLive, sparesTemplate } from '../../lib/register/spare.ts';
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
  ])('%s', (_name, resource, spared) => {
    const given = exception({ template: { stack: 'Shop', resource } });
    expect(sparesTemplate([given], front, NOW)).toBe(spared ? given : undefined);
  });

  it('only of the control and the stack that it names, and only where it has a scope in templates', () => {
    expect(sparesTemplate([exception()], { ...front, control: 'alarm' }, NOW)).toBeUndefined();
    expect(sparesTemplate([exception()], { ...front, stack: 'Shop2' }, NOW)).toBeUndefined();
    const live = exception({ template: undefined, live: { account: '111111111111' } });
    expect(sparesTemplate([live], front, NOW)).toBeUndefined();
  });

  it('a child that is not what the construct is made of is not meant', () => {
    const given = exception({ template: { stack: 'Shop', resource: 'Shop/Entrance' } });
    expect(sparesTemplate([given], { ...front, path: 'Shop/Entrance/Sign' }, NOW)).toBeUndefined();
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
  ])('%s', (_name, live, spared) => {
    const given = exception({ template: undefined, live: live as { account: string } }); // all of them have one
    expect(sparesLive([given], 'lock', bucket, NOW)).toBe(spared ? given : undefined);
    expect(sparesLive([given], 'alarm', bucket, NOW)).toBeUndefined();
  });
});

describe('the last day', () => {
  const given = [exception({ expires: '2026-11-21', live: { account: bucket.account } })];
  it.each([
    ['2026-11-21T00:00:00Z', true],
    ['2026-11-21T23:59:59.999Z', true],
    ['2026-11-22T00:00:00Z', false],
    ['2026-11-22T01:00:00+02:00', true],
  ])('at %s it holds: %s', (now, spared) => {
    expect(sparesTemplate(given, front, new Date(now)) !== undefined).toBe(spared);
    expect(sparesLive(given, 'lock', bucket, new Date(now)) !== undefined).toBe(spared);
  });

  it('of one does not end another for the same', () => {
    const renewed = exception({ id: 'renewed' });
    expect(sparesTemplate([...given, renewed], front, new Date('2027-01-01'))).toBe(renewed);
  });
});
