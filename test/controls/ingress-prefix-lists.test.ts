import type { IpPermission } from '@aws-sdk/client-ec2';
import { describe, expect, it, vi } from 'vitest';
import { ec2RestrictIngress } from '../../controls/ec2/ec2-restrict-ingress.ts';
import type { Clients } from '../../lib/model/control.ts';
import { FakeSecurityGroup, target } from './fake-security-group.ts';

const ssh = (source: Partial<IpPermission>): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  ...source,
});
const fromLists = (...ids: string[]) => ssh({ PrefixListIds: ids.map((PrefixListId) => ({ PrefixListId })) });
const world = ssh({ IpRanges: [{ CidrIp: '0.0.0.0/0' }] });
const service = { OwnerId: 'AWS' };
const shared = { OwnerId: '444455556666' };

const parameters = { ports: [22] };
const { check, repair } = ec2RestrictIngress;
const verdictOn = async (group: FakeSecurityGroup) => check(await group.read(), parameters, new Date(0));

/** An EC2 client with these calls; any other call is a defect and fails. */
const clients = (ec2: object) => ({ ec2: ec2 as unknown as Clients<'ec2'>['ec2'] });

const refusing = (name: string) => async () => {
  throw Object.assign(new Error('Refused.'), { name });
};

describe('a prefix list in the rules of a security group', () => {
  it('of AWS is neither read nor considered the internet', async () => {
    const group = new FakeSecurityGroup([fromLists('pl-1')], { 'pl-1': service });
    expect((await group.read()).PrefixLists).toEqual({ 'pl-1': service });
    expect(group.listsRead).toEqual([]);
    expect(await verdictOn(group)).toBe('compliant');
  });

  it('of another account gives no verdict if it cannot be read', async () => {
    const group = new FakeSecurityGroup([fromLists('pl-1')], { 'pl-1': shared });
    expect((await group.read()).PrefixLists).toEqual({ 'pl-1': shared });
    await expect(verdictOn(group)).rejects.toThrow(
      /The entries of prefix list pl-1 are unknown, because account 444455556666 owns it/,
    );
  });

  it('of another account is kept when the rule for the internet is removed', async () => {
    const group = new FakeSecurityGroup([fromLists('pl-1'), world], { 'pl-1': shared });
    const before = await group.read();
    expect(await verdictOn(group)).toEqual({ violation: 'Ports open to the internet (0.0.0.0/0): tcp 22.' });
    const desired = repair?.desired(before, parameters, new Date(0)) ?? {};
    await repair?.write(group.clients, target, desired, before);
    expect(await group.read()).toEqual({
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, SourcePrefixListId: 'pl-1' }],
      PrefixLists: { 'pl-1': shared },
    });
  });

  it('of another account is evaluated by its blocks if it can be read', async () => {
    const entries = { Entries: [{ Cidr: '0.0.0.0/0' }] };
    const state = await ec2RestrictIngress.observe.read(
      clients({
        describeSecurityGroups: async () => ({
          SecurityGroups: [{ GroupId: 'sg-1', OwnerId: target.account, IpPermissions: [fromLists('pl-1')] }],
        }),
        describeManagedPrefixLists: async () => ({ PrefixLists: [{ PrefixListId: 'pl-1', ...shared }] }),
        getManagedPrefixListEntries: async () => entries,
      }),
      target,
    );
    expect(state?.PrefixLists).toEqual({ 'pl-1': ['0.0.0.0/0'] });
  });

  it('that is no longer shared or is deleted during the read is unknown', async () => {
    const unshared = new FakeSecurityGroup([fromLists('pl-1')]);
    await expect(verdictOn(unshared)).rejects.toThrow('The entries of prefix list pl-1 are unknown.');
    const going = new FakeSecurityGroup([fromLists('pl-1')], { 'pl-1': [] });
    const ec2 = { ...going.clients.ec2, getManagedPrefixListEntries: refusing('InvalidPrefixListID.NotFound') };
    expect((await ec2RestrictIngress.observe.read(clients(ec2), target))?.PrefixLists).toBeUndefined();
  });

  it('of the same account throws if it cannot be read', async () => {
    const own = new FakeSecurityGroup([fromLists('pl-1')], { 'pl-1': [] });
    const ec2 = { ...own.clients.ec2, getManagedPrefixListEntries: refusing('UnauthorizedOperation') };
    await expect(ec2RestrictIngress.observe.read(clients(ec2), target)).rejects.toThrow('Refused.');
  });
});

describe('the security groups of an account', () => {
  const pages = [
    { SecurityGroups: [{ GroupId: 'sg-1', OwnerId: target.account, IpPermissions: [fromLists('pl-1', 'pl-2')] }] },
    {
      SecurityGroups: [
        { GroupId: 'sg-2', OwnerId: target.account, IpPermissions: [fromLists('pl-2')] },
        { GroupId: 'sg-3', OwnerId: shared.OwnerId, IpPermissions: [world] },
      ],
    },
  ];
  const ec2 = {
    describeSecurityGroups: async ({ NextToken, GroupIds }: { NextToken?: string; GroupIds?: string[] }) => {
      if (GroupIds) return pages[1];
      return NextToken ? pages[1] : { ...pages[0], NextToken: 'more' };
    },
    describeManagedPrefixLists: vi.fn(async ({ NextToken }: { NextToken?: string }) =>
      NextToken
        ? { PrefixLists: [{ PrefixListId: 'pl-2', OwnerId: target.account }] }
        : { PrefixLists: [{ PrefixListId: 'pl-1', ...service }], NextToken: 'more' },
    ),
    getManagedPrefixListEntries: vi.fn(async ({ NextToken }: { NextToken?: string }) =>
      NextToken ? { Entries: [{ Cidr: '10.0.0.0/8' }] } : { Entries: [{ Cidr: '192.0.2.0/24' }], NextToken: 'more' },
    ),
  };

  it('are listed from all pages with their states, and each prefix list is read once', async () => {
    const found = [];
    for await (const listed of ec2RestrictIngress.observe.list(clients(ec2), target)) found.push(listed);
    const blocks = ['10.0.0.0/8', '192.0.2.0/24'];
    expect(found.map(({ id, state }) => [id, state?.PrefixLists])).toEqual([
      ['sg-1', { 'pl-1': service, 'pl-2': blocks }],
      ['sg-2', { 'pl-2': blocks }],
    ]);
    expect(ec2.describeManagedPrefixLists).toHaveBeenCalledTimes(2);
    expect(ec2.getManagedPrefixListEntries).toHaveBeenCalledTimes(2);
  });

  it('do not include groups that another account shares', async () => {
    const describeSecurityGroups = async () => ({ SecurityGroups: [pages[1]?.SecurityGroups[1]] });
    expect(
      await ec2RestrictIngress.observe.read(clients({ describeSecurityGroups }), { ...target, id: 'sg-3' }),
    ).toBeUndefined();
  });
});
