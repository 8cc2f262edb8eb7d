import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ENGINE_READS } from '../config/engine-reads.ts';
import type { Control, Parameters } from '../model/control.ts';
import { fillIn } from '../model/parameter.ts';
import { interpolate } from '../model/target.ts';

/** A governed account and its regions, for the rights in it. */
export interface Member {
  readonly account: string;
  readonly partition: string;
  /** The regions in which repairs may act. */
  readonly regions: readonly string[];
}

/** The rights of the observer role: the read actions of all controls and of the engine itself. */
export const observerRights = (controls: readonly Control[], { account }: Member): PolicyStatement[] => [
  anywhereIn(account, [
    ...controls.flatMap(({ observe, repair }) => [...observe.actions, ...(repair?.circumstances?.actions ?? [])]),
    ...ENGINE_READS,
  ]),
];

/** The rights of a repair role: the reads of its control, and its writes on resources of its type in this account. */
export function repairRights(control: Control, member: Member, parameters: Parameters): PolicyStatement[] {
  const reads = anywhereIn(member.account, control.observe.actions);
  const writes = control.repair?.actions ?? [];
  return [
    reads,
    control.arn || control.repair?.arns
      ? onResources(arnsOf(control, member, parameters), member, writes)
      : anywhereIn(member.account, writes),
  ];
}

/** Many actions have no resource, and AWS does not always set `aws:ResourceAccount` for them. Where it is set, it must be this account. */
const anywhereIn = (account: string, actions: readonly string[]) =>
  new PolicyStatement({
    actions: distinct(actions),
    resources: ['*'],
    conditions: { StringEqualsIfExists: { 'aws:ResourceAccount': account } },
  });

/** The ARN of some resources, such as buckets, does not name the account, so a condition does. */
const onResources = (resources: readonly string[], { account }: Member, actions: readonly string[]) =>
  new PolicyStatement({
    actions: distinct(actions),
    resources: distinct(resources),
    conditions: { StringEquals: { 'aws:ResourceAccount': account } },
  });

/** The ARNs that the sessions of a control's repair can use: those of one session, with `*` as the id. */
function arnsOf(
  { arn = '*', repair }: Control,
  { account, partition, regions }: Member,
  parameters: Parameters,
): string[] {
  const any = regions.map((region) => ({ partition, account, region, id: '*' }));
  const arns = any.flatMap(
    (target) => repair?.arns?.(target, fillIn(parameters, target)) ?? [interpolate(arn, target)],
  );
  return arns.map((one) => one.replace(/\*+/g, '*'));
}

const distinct = (words: readonly string[]) => [...new Set(words)].sort();
