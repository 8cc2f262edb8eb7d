import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import type { Clients, Listed, Place, Target } from '../../../lib/model/control.ts';
import { ignoreNotFound } from '../../errors.ts';
import { prefixListsOf } from './prefix-lists.ts';
import { type Ingress, inOrder, protocolOf, type Rule } from './rules.ts';

type Ec2 = Clients<'ec2'>;

/** Yields every security group of the account, all pages, with its state; each prefix list is looked up once. */
export async function* securityGroups(clients: Ec2, { account }: Place): AsyncGenerator<Listed<Ingress>> {
  const listsOf = prefixListsOf(clients, account);
  let NextToken: string | undefined;
  do {
    const page = await clients.ec2.describeSecurityGroups({ MaxResults: 1000, NextToken });
    for (const group of page.SecurityGroups ?? [])
      if (group.GroupId && isOwn(group, account)) yield { id: group.GroupId, state: await ingressOf(group, listsOf) };
    NextToken = page.NextToken;
  } while (NextToken);
}

/** Reads one group's rules, and what the prefix lists in them contain; `undefined` if it is gone or another account's. */
export async function readIngress(clients: Ec2, { id, account }: Target): Promise<Ingress | undefined> {
  const found = await ignoreNotFound('InvalidGroup.NotFound', () =>
    clients.ec2.describeSecurityGroups({ GroupIds: [id] }),
  );
  const group = found?.SecurityGroups?.[0];
  return group && isOwn(group, account) ? ingressOf(group, prefixListsOf(clients, account)) : undefined;
}

/** A shared VPC shows the groups that its owner shares; only the owner can change them, and there they are judged. */
const isOwn = ({ OwnerId }: SecurityGroup, account: string) => OwnerId === account;

async function ingressOf(group: SecurityGroup, listsOf: ReturnType<typeof prefixListsOf>): Promise<Ingress> {
  const SecurityGroupIngress = rulesIn(group);
  const PrefixLists = await listsOf(SecurityGroupIngress);
  return { SecurityGroupIngress, ...(Object.keys(PrefixLists).length > 0 && { PrefixLists }) };
}

/** A security group's id from its ARN or its id. */
export const securityGroupId = (spelling: string) => spelling.replace(/^arn:.*:security-group\//, '');

/** EC2 groups the sources of equal ports; here each has its own rule, as EC2 counts and changes them. */
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

function sourcesIn(permission: IpPermission, owner: string | undefined): (Rule & { Description?: string })[] {
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
