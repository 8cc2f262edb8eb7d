import { defineControl, defineResource, required, text } from '../../lib/model/index.ts';

const type = defineResource({
  type: 'AWS::S3::Bucket',
  services: ['s3'],
  properties: { LogGroup: text() },
  list: { actions: ['s3:ListAllMyBuckets'], async *all() {} },
  facets: { logging: { actions: ['s3:GetBucketLogging'], read: async () => ({ LogGroup: 'x' }) } },
});

/** A control with a required parameter, whose value contains the account and the region. */
export const logsTo = defineControl({
  id: 'logs-to',
  title: 'Logs go to the log group of the account',
  rationale: 'Example.',
  severity: 'low',
  frameworks: { fsbp: ['Example.1'] },
  parameters: { logGroup: required('text'), days: 30 },
  resource: type,
  facets: ['logging'],
  state: ({ logging }) => logging,
  rule: {
    properties: ['LogGroup'],
    check: ({ LogGroup }, { logGroup }) =>
      LogGroup === logGroup ? 'compliant' : { violation: `The log group is not ${logGroup}.` },
    violationExamples: [{ LogGroup: 'other' }, {}],
  },
  detect: {
    by: 'managed-rule',
    identifier: 'LOGS_TO',
    parameters: ({ logGroup, days }) => ({ logGroup, days: String(days) }),
  },
  triggers: { 'requestParameters.bucketName': ['s3:PutBucketLogging'] },
  repair: {
    actions: ['s3:PutBucketLogging'],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    desired: (_, { logGroup }) => ({ LogGroup: logGroup }),
    write: async () => undefined,
    arns: ({ id }, { logGroup }) => [`arn:aws:s3:::${id}`, logGroup],
  },
});

/** A value for its parameter with every placeholder. */
export const LOG_GROUP = 'arn:{partition}:logs:{region}:{account}:log-group:audit';

/** The value in one place. */
export const logGroupIn = (account: string, region: string): string =>
  `arn:aws:logs:${region}:${account}:log-group:audit`;
