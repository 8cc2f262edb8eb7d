import type { Trail } from '@aws-sdk/client-cloudtrail';
import { boolean, defineResource, interpolate } from '../../lib/model/index.ts';

const ARN = 'arn:{partition}:cloudtrail:{region}:{account}:trail/{id}';

/** A CloudTrail trail in its home region; shadow trails and organization trails of another account are ignored. */
export const trail = defineResource({
  type: 'AWS::CloudTrail::Trail',
  services: ['cloudtrail'],
  arn: ARN,
  properties: {
    EnableLogFileValidation: boolean({
      absent: {
        value: false,
        source:
          'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html',
      },
    }),
  },
  list: {
    actions: ['cloudtrail:DescribeTrails'],
    async *all({ cloudtrail }, place) {
      const { trailList = [] } = await cloudtrail.describeTrails({ includeShadowTrails: false });
      for (const found of trailList)
        if (found.Name && found.TrailARN === interpolate(ARN, { ...place, id: found.Name }))
          yield { id: found.Name, facets: { trail: found } };
    },
  },
  facets: {
    trail: {
      actions: ['cloudtrail:DescribeTrails'],
      async read({ cloudtrail }, { id, arn }): Promise<Trail | undefined> {
        const found = await cloudtrail.describeTrails({ trailNameList: [id], includeShadowTrails: false });
        return found.trailList?.find(({ TrailARN }) => TrailARN === arn);
      },
    },
  },
});
