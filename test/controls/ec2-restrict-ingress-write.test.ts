import type { IpPermission } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { closed } from '../../controls/ec2/ingress/cut.ts';
import { writeIngress } from '../../controls/ec2/ingress/write.ts';
import { FakeSecurityGroup, target } from './fake-security-group.ts';
import { PORTS, waysIn } from './ingress-access.ts';

const everything: IpPermission[] = [
  {
    IpProtocol: 'tcp',
    FromPort: 0,
    ToPort: 65535,
    IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }, { CidrIp: '203.0.113.0/24' }],
    Ipv6Ranges: [{ CidrIpv6: '::/0' }],
    PrefixListIds: [{ PrefixListId: 'pl-1' }],
    UserIdGroupPairs: [{ GroupId: 'sg-2', UserId: '444455556666', Description: 'peers' }],
  },
  { IpProtocol: '-1', IpRanges: [{ CidrIp: '128.0.0.0/1' }] },
  { IpProtocol: 'icmp', FromPort: 0, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  { IpProtocol: '50', FromPort: -1, ToPort: -1, IpRanges: [{ CidrIp: '198.51.100.7/32' }] },
];
const lists = { 'pl-1': ['0.0.0.0/1', '198.51.100.0/24'] };

const made = () => new FakeSecurityGroup(everything, lists);
const keys = async (group: FakeSecurityGroup) => [...waysIn(await group.read()).keys()];

describe('reading the rules of a security group', () => {
  it('returns one rule for each source, as CloudFormation properties', async () => {
    const { SecurityGroupIngress = [], PrefixLists } = await made().read();
    expect(PrefixLists).toEqual(lists);
    expect(SecurityGroupIngress).toHaveLength(9);
    expect(SecurityGroupIngress).toEqual(
      expect.arrayContaining([
        { IpProtocol: '-1', CidrIp: '128.0.0.0/1' },
        { IpProtocol: '50', CidrIp: '198.51.100.7/32' },
        { IpProtocol: 'icmp', FromPort: 0, ToPort: -1, CidrIp: '0.0.0.0/0' },
        { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, CidrIp: '0.0.0.0/0' },
        { IpProtocol: 'tcp', FromPort: 0, ToPort: 65535, CidrIp: '0.0.0.0/0', Description: 'all' },
        {
          IpProtocol: 'tcp',
          FromPort: 0,
          ToPort: 65535,
          SourceSecurityGroupId: 'sg-2',
          SourceSecurityGroupOwnerId: '444455556666',
          Description: 'peers',
        },
      ]),
    );
  });

  it('does not depend on the order in which EC2 lists them', async () => {
    const reversed = new FakeSecurityGroup(everything.toReversed(), lists);
    expect(await reversed.read()).toStrictEqual(await made().read());
  });
});

describe('writing the rules of a security group', () => {
  it('reads back the desired rules, and after a rollback the original rules', async () => {
    const group = made();
    const before = await group.read();
    const desired = closed(before, PORTS);
    await writeIngress(group.clients, target, desired, before);
    expect(await group.read()).toStrictEqual(desired);
    await writeIngress(group.clients, target, before, desired);
    expect(await group.read()).toStrictEqual(before);
  });

  it('adds before it removes, and never widens access', async () => {
    const group = made();
    const before = await group.read();
    const desired = closed(before, PORTS);
    const [most, least] = [new Set(waysIn(before).keys()), [...waysIn(desired).keys()]];
    const moments: Promise<string[]>[] = [];
    group.onChange = () => moments.push(keys(group));
    await writeIngress(group.clients, target, desired, before);
    expect(group.calls).toEqual(['authorize', 'revoke']);
    for (const moment of await Promise.all(moments)) {
      expect(moment.filter((way) => !most.has(way))).toEqual([]);
      expect(least.filter((way) => !moment.includes(way))).toEqual([]);
    }
  });

  it('continues after a crash between its calls or a stale read', async () => {
    const group = made();
    const before = await group.read();
    const desired = closed(before, PORTS);
    group.onChange = () => {
      throw new Error('The connection is gone.');
    };
    await expect(writeIngress(group.clients, target, desired, before)).rejects.toThrow('The connection is gone.');
    group.onChange = () => {};
    await writeIngress(group.clients, target, desired, before);
    expect(await group.read()).toStrictEqual(desired);
    await writeIngress(group.clients, target, desired, before);
    expect(await group.read()).toStrictEqual(desired);
  });

  it('keeps rules that were added in the meantime', async () => {
    const group = made();
    const before = await group.read();
    const theirs = { IpProtocol: 'tcp', FromPort: 8443, ToPort: 8443, IpRanges: [{ CidrIp: '192.0.2.0/24' }] };
    await group.clients.ec2.authorizeSecurityGroupIngress({ GroupId: target.id, IpPermissions: [theirs] });
    await writeIngress(group.clients, target, closed(before, PORTS), before);
    expect(await keys(group)).toEqual(expect.arrayContaining(['tcp 443 203.0.113.0/24']));
    expect((await group.read()).SecurityGroupIngress).toContainEqual(
      expect.objectContaining({ FromPort: 8443, CidrIp: '192.0.2.0/24' }),
    );
  });

  it('changes nothing and names the remedy if the quota is exceeded', async () => {
    const group = made();
    const before = await group.read();
    group.quota = 10;
    const writing = writeIngress(group.clients, target, closed(before, PORTS), before);
    await expect(writing).rejects.toThrow(/sg-1 was not changed: adding \d+ rules exceeds its quota.*Raise the quota/s);
    expect(await group.read()).toStrictEqual(before);
  });

  it('makes no call without a difference', async () => {
    const group = made();
    const before = await group.read();
    await writeIngress(group.clients, target, before, before);
    expect(group.calls).toEqual([]);
  });
});
