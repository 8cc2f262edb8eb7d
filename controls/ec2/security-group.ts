import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import { defineResource, list, map } from '../../lib/model/index.ts';
import { ignoreNotFound } from '../errors.ts';
import { pages } from '../pages.ts';
import { prefixListsOf } from './ingress/prefix-lists.ts';
import { type Ingress, ingressRule, inOrder, prefixList, protocolOf, type Rule } from './ingress/rules.ts';

const LISTS = ['ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'] as const;

/** A security group that the account owns; groups that another account shares are evaluated in that account. */
export const securityGroup = defineResource({
  type: 'AWS::EC2::SecurityGroup',
  services: ['ec2'],
  arn: 'arn:{partition}:ec2:{region}:{account}:security-group/{id}',
  properties: {
    SecurityGroupIngress: list(ingressRule),
    // The entries of the prefix lists in the rules; not a CloudFormation property of the group.
    PrefixLists: map(prefixList),
  },
  list: {
    actions: ['ec2:DescribeSecurityGroups', ...LISTS],
    async *all({ ec2 }, { account }) {
      const listsOf = prefixListsOf({ ec2 }, account); // reads each prefix list once
      const all = pages(
        (NextToken?: string) => ec2.describeSecurityGroups({ MaxResults: 1000, NextToken }),
        (page) => page.NextToken,
      );
      for await (const { SecurityGroups = [] } of all)
        for (const group of SecurityGroups)
          if (group.GroupId && isOwn(group, account))
            yield { id: group.GroupId, facets: { ingress: await ingressOf(group, listsOf) } };
    },
  },
  facets: {
    ingress: {
      actions: ['ec2:DescribeSecurityGroups', ...LISTS],
      async read({ ec2 }, { id, account }): Promise<Ingress | undefined> {
        const found = await ignoreNotFound('InvalidGroup.NotFound', () =>
          ec2.describeSecurityGroups({ GroupIds: [id] }),
        );
        const group = found?.SecurityGroups?.[0];
        return group && isOwn(group, account) ? ingressOf(group, prefixListsOf({ ec2 }, account)) : undefined;
      },
    },
  },
});

// A shared VPC also lists groups of its owner; only the owner can change them.
const isOwn = ({ OwnerId }: SecurityGroup, account: string) => OwnerId === account;

async function ingressOf(group: SecurityGroup, listsOf: ReturnType<typeof prefixListsOf>): Promise<Ingress> {
  const SecurityGroupIngress = rulesIn(group);
  const PrefixLists = await listsOf(SecurityGroupIngress);
  return { SecurityGroupIngress, ...(Object.keys(PrefixLists).length > 0 && { PrefixLists }) };
}

/** One rule for each source, as EC2 counts and changes them; EC2 returns the sources of equal ports together. */
function rulesIn({ IpPermissions = [], OwnerId }: SecurityGroup): readonly Rule[] {
  return inOrder(
    IpPermissions.flatMap((permission) => {
      const { IpProtocol = '-1', FromPort, ToPort } = permission;
      const hasPorts = ['tcp', 'udp', 'icmp', 'icmpv6'].includes(protocolOf({ IpProtocol }) ?? '');
      const traffic = { IpProtocol, ...(hasPorts && { FromPort, ToPort }) };
      return sourcesIn(permission, OwnerId).map(({ Description, ...source }) => ({
        ...traffic,
        ...source,
        ...(Description && { Description }),
      }));
    }),
  );
}

function sourcesIn(permission: IpPermission, owner: string | undefined): Rule[] {
  const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [] } = permission;
  return [
    ...IpRanges.map(({ CidrIp, Description }) => ({ CidrIp, Description })),
    ...Ipv6Ranges.map(({ CidrIpv6, Description }) => ({ CidrIpv6, Description })),
    ...PrefixListIds.map(({ PrefixListId, Description }) => ({ SourcePrefixListId: PrefixListId, Description })),
    ...UserIdGroupPairs.map(({ GroupId, UserId, Description }) => ({
      SourceSecurityGroupId: GroupId,
      ...(UserId && UserId !== owner && { SourceSecurityGroupOwnerId: UserId }),
      Description,
    })),
  ];
}
