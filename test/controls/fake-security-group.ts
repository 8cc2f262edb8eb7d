import type { IpPermission } from '@aws-sdk/client-ec2';
import { ec2RestrictIngress } from '../../controls/ec2/ec2-restrict-ingress.ts';
import type { Ingress, PrefixList } from '../../controls/ec2/ingress/rules.ts';
import type { Clients, Target } from '../../lib/model/control.ts';

/** The id of the fake's group. */
export const target: Target = { account: '111122223333', region: 'eu-west-1', partition: 'aws', id: 'sg-1' };

/** One security group with EC2's documented behaviour: a call succeeds or fails as a whole. */
export class FakeSecurityGroup {
  readonly calls: string[] = [];
  /** The prefix lists whose entries were requested, with or without success. */
  readonly listsRead: string[] = [];
  /** The quota of rules. */
  quota = Number.POSITIVE_INFINITY;
  /** Called after each change. */
  onChange: () => void = () => {};
  #rules: IpPermission[];
  readonly #lists: NonNullable<Ingress['PrefixLists']>;

  constructor(rules: readonly IpPermission[], lists: NonNullable<Ingress['PrefixLists']> = {}) {
    this.#rules = rules.flatMap(bySource);
    this.#lists = lists;
  }

  /** The client that a control receives, with the calls for security groups. */
  get clients(): Clients<'ec2'> {
    const ec2 = {
      describeSecurityGroups: async () => ({
        SecurityGroups: [{ GroupId: target.id, OwnerId: target.account, IpPermissions: this.#rules }],
      }),
      describeManagedPrefixLists: async ({ Filters: [filter] }: { Filters: { Values: string[] }[] }) => ({
        PrefixLists: filter?.Values.filter((id) => this.#lists[id]).map((PrefixListId) => ({
          PrefixListId,
          OwnerId: ownerOf(this.#lists[PrefixListId]),
        })),
      }),
      getManagedPrefixListEntries: async ({ PrefixListId }: { PrefixListId: string }) => {
        this.listsRead.push(PrefixListId);
        const list = this.#lists[PrefixListId] ?? [];
        if ('OwnerId' in list) throw refused('UnauthorizedOperation');
        return { Entries: list.map((Cidr) => ({ Cidr })) };
      },
      authorizeSecurityGroupIngress: async ({ IpPermissions }: { IpPermissions: IpPermission[] }) =>
        this.#authorize(IpPermissions.flatMap(bySource)),
      revokeSecurityGroupIngress: async ({ IpPermissions }: { IpPermissions: IpPermission[] }) =>
        this.#revoke(IpPermissions.flatMap(bySource)),
    };
    // Any other call is a defect and fails.
    return { ec2: ec2 as unknown as Clients<'ec2'>['ec2'] };
  }

  /** The group's state as the control reads it. */
  async read(): Promise<Ingress> {
    return (await ec2RestrictIngress.observe.read(this.clients, target)) ?? {};
  }

  #authorize(added: IpPermission[]): void {
    this.calls.push('authorize');
    if (added.some((rule) => this.#has(rule))) throw refused('InvalidPermission.Duplicate');
    if (this.#rules.length + added.length > this.quota) throw refused('RulesPerSecurityGroupLimitExceeded');
    this.#rules = [...this.#rules, ...added];
    this.onChange();
  }

  #revoke(removed: IpPermission[]): void {
    this.calls.push('revoke');
    if (!removed.every((rule) => this.#has(rule))) throw refused('InvalidPermission.NotFound');
    const keys = removed.map(keyOf);
    this.#rules = this.#rules.filter((rule) => !keys.includes(keyOf(rule)));
    this.onChange();
  }

  #has(rule: IpPermission): boolean {
    return this.#rules.some((known) => keyOf(known) === keyOf(rule));
  }
}

const ownerOf = (list: PrefixList | undefined) => (list && 'OwnerId' in list ? list.OwnerId : target.account);
const refused = (name: string) => Object.assign(new Error(name), { name });

function bySource(permission: IpPermission): IpPermission[] {
  const { IpRanges = [], Ipv6Ranges = [], PrefixListIds = [], UserIdGroupPairs = [], ...traffic } = permission;
  return [
    ...IpRanges.map((range) => ({ ...traffic, IpRanges: [range] })),
    ...Ipv6Ranges.map((range) => ({ ...traffic, Ipv6Ranges: [range] })),
    ...PrefixListIds.map((list) => ({ ...traffic, PrefixListIds: [list] })),
    ...UserIdGroupPairs.map((pair) => ({ ...traffic, UserIdGroupPairs: [pair] })),
  ];
}

function keyOf({ IpProtocol, FromPort, ToPort, IpRanges, Ipv6Ranges, PrefixListIds, UserIdGroupPairs }: IpPermission) {
  const source = [IpRanges?.[0]?.CidrIp, Ipv6Ranges?.[0]?.CidrIpv6, PrefixListIds?.[0]?.PrefixListId];
  return JSON.stringify([IpProtocol, FromPort, ToPort, ...source, UserIdGroupPairs?.[0]?.GroupId]);
}
