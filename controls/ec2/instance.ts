import type { Instance } from '@aws-sdk/client-ec2';
import { defineResource, object, oneOf } from '../../lib/model/index.ts';
import { ignoreNotFound } from '../errors.ts';
import { pages } from '../pages.ts';

// EC2 lists terminated instances for an hour, and they can no longer be changed.
const ALIVE = ['pending', 'running', 'stopping', 'stopped'];

const SOURCE = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html';

/** An EC2 instance that is not terminated or terminating. */
export const instance = defineResource({
  type: 'AWS::EC2::Instance',
  services: ['ec2'],
  arn: 'arn:{partition}:ec2:{region}:{account}:instance/{id}',
  properties: {
    MetadataOptions: object({
      HttpTokens: oneOf(['required', 'optional'], {
        absent: { depends: 'the AMI and an account setting', source: SOURCE },
      }),
      HttpEndpoint: oneOf(['enabled', 'disabled'], { absent: { value: 'enabled', source: SOURCE } }),
    }),
  },
  list: {
    actions: ['ec2:DescribeInstances'],
    async *all({ ec2 }) {
      const all = pages(
        (NextToken?: string) =>
          ec2.describeInstances({
            Filters: [{ Name: 'instance-state-name', Values: ALIVE }],
            MaxResults: 1000,
            NextToken,
          }),
        (page) => page.NextToken,
      );
      for await (const { Reservations = [] } of all)
        for (const found of Reservations.flatMap(({ Instances = [] }) => Instances))
          if (found.InstanceId) yield { id: found.InstanceId, facets: { instance: found } };
    },
  },
  facets: {
    instance: {
      actions: ['ec2:DescribeInstances'],
      async read({ ec2 }, { id }): Promise<Instance | undefined> {
        const found = await ignoreNotFound('InvalidInstanceID.NotFound', () =>
          ec2.describeInstances({ InstanceIds: [id] }),
        );
        const one = found?.Reservations?.[0]?.Instances?.[0];
        return ALIVE.includes(one?.State?.Name ?? '') ? one : undefined;
      },
    },
  },
});
