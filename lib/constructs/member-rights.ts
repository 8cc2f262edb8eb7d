import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ENGINE_READS } from '../config/engine-reads.ts';
import { names } from '../config/names.ts';
import type { Control, Parameters } from '../model/control.ts';
import { fillIn } from '../model/parameter.ts';
import { interpolate } from '../model/target.ts';
import { REGION_STACK } from './alarms.ts';

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

/**
 * The rights of a repair role: the reads of its control, its writes on resources of its type in this account, and no access to
 * Evenkeel and its deployment.
 */
export function repairRights(control: Control, member: Member, parameters: Parameters): PolicyStatement[] {
  const reads = anywhereIn(member.account, control.observe.actions);
  const writes = control.repair?.actions ?? [];
  return [
    reads,
    control.arn || control.repair?.arns
      ? onResources(arnsOf(control, member, parameters), member, writes)
      : anywhereIn(member.account, writes),
    denyOwnResources(member),
  ];
}

/**
 * A stolen session could otherwise use a repair to open our queues, or the bucket from which the next deployment takes its code.
 * CloudFormation begins the names that it makes with the name of the stack. The ARN of an AWS Config rule does not hold its name.
 */
function denyOwnResources({ account, partition }: Member): PolicyStatement {
  const made = [`${names.hubStack}-*`, `${REGION_STACK}-*`];
  const at = (service: string, ...resources: readonly string[]) =>
    resources.map((resource) => `arn:${partition}:${service}:*:${account}:${resource}`);
  const buckets = [...made, `cdk-*-assets-${account}-*`].map((name) => `arn:${partition}:s3:::${name}`);
  const roles = ['evenkeel-*', 'cdk-*'].map((name) => `arn:${partition}:iam::${account}:role/${name}`);
  return new PolicyStatement({
    sid: 'DenyEvenkeelAndItsDeployment',
    effect: Effect.DENY,
    actions: ['*'],
    resources: [
      ...buckets,
      ...roles,
      ...['sqs', 'sns'].flatMap((service) => at(service, ...made)),
      ...at('dynamodb', ...made.map((name) => `table/${name}`)),
      ...at('events', 'event-bus/evenkeel-*', 'rule/evenkeel-*'),
      ...at('states', 'stateMachine:evenkeel-*', 'execution:evenkeel-*'),
      ...at('lambda', 'function:evenkeel-*'),
      ...at('config', 'config-rule/*'),
      ...at('cloudformation', 'stack/evenkeel-*/*', 'stack/CDKToolkit/*'),
      ...at('ssm', 'parameter/cdk-bootstrap/*'),
      ...at('ecr', 'repository/cdk-*'),
    ],
  });
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
