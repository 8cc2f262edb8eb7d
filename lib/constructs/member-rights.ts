import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ENGINE_READS } from '../config/engine-reads.ts';
import type { Control } from '../model/control.ts';
import { interpolate } from '../model/interpolate.ts';

/** The governed account, as far as rights in it go. */
export interface Member {
  readonly account: string;
  readonly partition: string;
  /** The regions in which repairs may act. */
  readonly regions: readonly string[];
}

/** What the observer may read: what all controls need, and what the engine needs itself. */
export const observerRights = (controls: readonly Control[], { account }: Member): PolicyStatement[] => [
  anywhereIn(account, [
    ...controls.flatMap(({ observe: { actions, lastUse } }) => [...actions, ...(lastUse?.actions ?? [])]),
    ...ENGINE_READS,
  ]),
];

/** What the repair of one control may do: its own reads, and its writes on resources of its kind in this account. */
export function repairRights(control: Control, member: Member): PolicyStatement[] {
  const reads = anywhereIn(member.account, control.observe.actions);
  const writes = control.repair?.actions ?? [];
  return [
    reads,
    control.arn ? onResources(arnsOf(control.arn, member), member, writes) : anywhereIn(member.account, writes),
  ];
}

/**
 * Many actions know no resource, and for those AWS does not promise `aws:ResourceAccount`: wherever it is known, it must
 * be this account.
 */
const anywhereIn = (account: string, actions: readonly string[]) =>
  new PolicyStatement({
    actions: distinct(actions),
    resources: ['*'],
    conditions: { StringEqualsIfExists: { 'aws:ResourceAccount': account } },
  });

/** An ARN need not name the account that owns the resource, as buckets' do not. */
const onResources = (resources: readonly string[], { account }: Member, actions: readonly string[]) =>
  new PolicyStatement({
    actions: distinct(actions),
    resources: distinct(resources),
    conditions: { StringEquals: { 'aws:ResourceAccount': account } },
  });

const arnsOf = (arn: string, { account, partition, regions }: Member) =>
  regions.map((region) => interpolate(arn, { partition, account, region, id: '*' }).replace(/\*+/g, '*'));

const distinct = (words: readonly string[]) => [...new Set(words)].sort();
