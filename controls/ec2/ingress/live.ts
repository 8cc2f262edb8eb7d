import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import type { Clients, Listed, Place, Target } from '../../../lib/control.ts';
import { unlessMissing } from '../../missing.ts';
import { type Ingress, inOrder, protocolOf, type Rule } from './rules.ts';

type Ec2 = Clients<'ec2'>;

/** Yields every security group, all pages, with its state unless prefix lists would have to be looked up for it. */
export async function* securityGroups({ ec2 }: Ec2, _place: Place): AsyncGenerator<Listed<Ingress>> {
  let NextToken: string | undefined;
  do {
    const page = await ec2.describeSecurityGroups({ MaxResults: 1000, NextToken });
    for (const group of page.SecurityGroups ?? []) {
      const SecurityGroupIngress = rulesIn(group);
      const isComplete = SecurityGroupIngress.every((rule) => rule.SourcePrefixListId === undefined);
      if (group.GroupId) yield { id: group.GroupId, ...(isComplete && { state: { SecurityGroupIngress } }) };
    }
    NextToken = page.NextToken;
  } while (NextToken);
}

/** Reads one group's rules, and what the prefix lists in them contain. */
export async function readIngress(clients: Ec2, { id }: Target): Promise<Ingress | undefined> {
  const found = await unlessMissing('InvalidGroup.NotFound', () =>
    clients.ec2.describeSecurityGroups({ GroupIds: [id] }),
  );
  const group = found?.SecurityGroups?.[0];
  if (!group) return undefined;
  const SecurityGroupIngress = rulesIn(group);
  const lists: { [list: string]: readonly string[] } = {};
  for (const { SourcePrefixListId: list } of SecurityGroupIngress)
    if (typeof list === 'string' && !lists[list]) lists[list] = await entriesOf(clients, list);
  return { SecurityGroupIngress, ...(Object.keys(lists).length > 0 && { PrefixLists: lists }) };
}

/** A security group's id from its ARN or its id. */
export const securityGroupId = (spelling: string) => spelling.replace(/^arn:.*:security-group\//, '');

/** AWS's own lists are read like any other; they hold no more than the addresses of one service. */
async function entriesOf({ ec2 }: Ec2, PrefixListId: string): Promise<readonly string[]> {
  const blocks: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.getManagedPrefixListEntries({ PrefixListId, MaxResults: 100, NextToken });
    for (const { Cidr } of page.Entries ?? []) if (Cidr) blocks.push(Cidr);
    NextToken = page.NextToken;
  } while (NextToken);
  return blocks.sort();
}

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
