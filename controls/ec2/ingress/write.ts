import type { IpPermission } from '@aws-sdk/client-ec2';
import type { Clients, Json, Target } from '../../../lib/model/index.ts';
import { type Ingress, identity, type Rule, rulesOf } from './rules.ts';

type Ec2 = Clients<'ec2'>['ec2'];

/** Changes a group's rules: adds new rules first, then removes old ones. */
export async function writeIngress({ ec2 }: Clients<'ec2'>, { id }: Target, to: Ingress, from: Ingress) {
  await authorize(ec2, id, without(rulesOf(to), rulesOf(from)));
  await revoke(ec2, id, without(rulesOf(from), rulesOf(to)));
  return undefined;
}

function without(rules: readonly Rule[], others: readonly Rule[]): readonly Rule[] {
  const known = new Set(others.map(identity));
  return rules.filter((rule) => !known.has(identity(rule)));
}

async function authorize(ec2: Ec2, GroupId: string, rules: readonly Rule[]): Promise<void> {
  try {
    await oneByOneIf('InvalidPermission.Duplicate', rules, (some) =>
      ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions: some.map(permission) }),
    );
  } catch (error) {
    if (!isNamed(error, 'RulesPerSecurityGroupLimitExceeded')) throw error;
    throw new Error(
      `Security group ${GroupId} was not changed: adding ${rules.length} rules exceeds its quota. Raise the quota ` +
        '"Inbound or outbound rules per security group", or close the ports manually.',
      { cause: error },
    );
  }
}

const revoke = (ec2: Ec2, GroupId: string, rules: readonly Rule[]): Promise<void> =>
  oneByOneIf('InvalidPermission.NotFound', rules, (some) =>
    ec2.revokeSecurityGroupIngress({
      GroupId,
      IpPermissions: some.map(({ Description: _notCompared, ...rule }) => permission(rule)),
    }),
  );

/** EC2 rejects a whole call if one rule already is as wanted. Sends each rule alone then, and skips that one. */
async function oneByOneIf(name: string, rules: readonly Rule[], send: (rules: readonly Rule[]) => Promise<unknown>) {
  if (rules.length === 0) return;
  try {
    await send(rules);
  } catch (error) {
    if (!isNamed(error, name)) throw error;
    if (rules.length > 1) for (const rule of rules) await oneByOneIf(name, [rule], send);
  }
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

function permission(rule: Rule): IpPermission {
  const Description = text(rule.Description);
  const [CidrIp, CidrIpv6] = [text(rule.CidrIp), text(rule.CidrIpv6)];
  const [PrefixListId, GroupId] = [text(rule.SourcePrefixListId), text(rule.SourceSecurityGroupId)];
  return {
    IpProtocol: text(rule.IpProtocol),
    FromPort: number(rule.FromPort),
    ToPort: number(rule.ToPort),
    IpRanges: CidrIp ? [{ CidrIp, Description }] : undefined,
    Ipv6Ranges: CidrIpv6 ? [{ CidrIpv6, Description }] : undefined,
    PrefixListIds: PrefixListId ? [{ PrefixListId, Description }] : undefined,
    UserIdGroupPairs: GroupId ? [{ GroupId, UserId: text(rule.SourceSecurityGroupOwnerId), Description }] : undefined,
  };
}

const text = (value: Json | undefined) => (typeof value === 'string' ? value : undefined);
const number = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);
