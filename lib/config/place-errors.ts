import type { z } from 'zod';
import { partitionOf } from '../model/aws.ts';
import type { configSchema } from './schema.ts';

type Config = z.output<typeof configSchema>;

/** The partitions whose templates are tested. */
const SUPPORTED: readonly string[] = ['aws', 'aws-us-gov', 'aws-cn'];

/** The errors in the hub, accounts and regions of a config, and in settings that the hub's partition does not support. */
export function placeErrors(config: Config): string[] {
  if (Object.keys(config.accounts).length === 0) return ['accounts: must name at least one account.'];
  return [...regionErrors(config), ...hookErrors(config)];
}

/** Roles and their trust work within one partition. */
function regionErrors({ hub, accounts, accountRegion }: Config): string[] {
  const partition = partitionOf(hub.region);
  if (!SUPPORTED.includes(partition))
    return [
      `hub.region: "${hub.region}" is in the partition ${partition}, which Evenkeel does not support. Supported: ${SUPPORTED.join(', ')}.`,
    ];
  const named = [
    ...(accountRegion ? [['accountRegion', accountRegion] as const] : []),
    ...Object.entries(accounts).flatMap(([number, { regions }]) =>
      regions.map((region, index) => [`accounts.${number}.regions.${index}`, region] as const),
    ),
  ];
  return named
    .filter(([, region]) => partitionOf(region) !== partition)
    .map(
      ([path, region]) =>
        `${path}: "${region}" is not in the hub's partition, ${partition}. Deploy a second hub for its partition.`,
    );
}

/**
 * AWS documents that GovCloud has no Lambda hooks, and the resource specification of CloudFormation lists them in no region of China.
 * @see https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cfn.html
 */
function hookErrors({ hub, hook }: Config): string[] {
  const partition = partitionOf(hub.region);
  if (hook === 'off' || partition === 'aws') return [];
  return [
    `hook: "${hook}" is not possible in the partition ${partition}, which has no AWS::CloudFormation::LambdaHook. Set it to "off" and run evenkeel check in your pipeline.`,
  ];
}
