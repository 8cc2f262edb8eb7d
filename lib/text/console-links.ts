import type { Place } from '../model/control.ts';

const DOMAINS: { readonly [partition: string]: string | undefined } = {
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/** Links to pages of the AWS console in one region, for a reader who is signed in to the account. */
export function consoleOf({ partition, region }: Omit<Place, 'account'>) {
  const page = (service: string, rest: string) =>
    `https://${region}.${DOMAINS[partition] ?? 'console.aws.amazon.com'}/${service}${rest}`;
  const home = (service: string, place: string) => page(service, `/home?region=${region}#${place}`);
  return {
    execution: (arn: string) => home('states', `/v2/executions/details/${arn}`),
    machine: (arn: string) => home('states', `/statemachines/view/${arn}`),
    configRule: (name: string) => home('config', `/rules/details?configRuleName=${name}`),
    configRules: () => home('config', '/rules'),
    object: (bucket: string, key: string) =>
      page('s3', `/object/${bucket}?region=${region}&prefix=${encodeURIComponent(key)}`),
    folder: (bucket: string, prefix: string) =>
      page('s3', `/buckets/${bucket}?region=${region}&prefix=${encodeURIComponent(prefix)}`),
    workGroup: (name: string) => home('athena', `/workgroups/details/${name}`),
    /** The log groups with a name prefix. */
    logGroups: (prefix: string) => home('cloudwatch', `logsV2:log-groups$3FlogGroupNameFilter$3D${prefix}`),
  };
}
