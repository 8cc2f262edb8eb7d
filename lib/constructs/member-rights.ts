import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ENGINE_READS } from '../config/engine-reads.ts';
import type { Control } from '../model/control.ts';
import { interpolate } from '../model/target.ts';

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
    ...controls.flatMap(({ observe, repair }) => [...observe.actions, ...(repair?.circumstances?.actions ?? [])]),
    ...ENGINE_READS,
  ]),
];

/** What the repair of one control may do: its own reads, and its writes on resources of its kind in this account. */
export function repairRights(control: Control, member: Member): PolicyStatement[] {
  const reads = anywhereIn(member.account, control.observe.actions);
  const writes = control.repair?.actions ?? [];
  return [
    reads,
    control.arn || control.repair?.arns
      ? onResources(arnsOf(control, member), member, writes)
      : anywhereIn(member.account, writes),
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

/** The ARNs that any session of the control's repair may name: those of a session, with `*` as the id. */
function arnsOf({ arn = '*', repair, parameters }: Control, { account, partition, regions }: Member): string[] {
  const any = regions.map((region) => ({ partition, account, region, id: '*' }));
  const arns = any.flatMap((target) => repair?.arns?.(target, parameters) ?? [interpolate(arn, target)]);
  return arns.map((one) => one.replace(/\*+/g, '*'));
}

const distinct = (words: readonly string[]) => [...new Set(words)].sort();
