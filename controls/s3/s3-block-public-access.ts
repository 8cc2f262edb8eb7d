import { defineControl } from '../../lib/model/control.ts';
import { ignoreNotFound } from '../errors.ts';
import { bucketId, buckets, ofBucket } from './buckets.ts';

const SWITCHES = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'] as const;

type State = {
  readonly PublicAccessBlockConfiguration?: { readonly [Switch in (typeof SWITCHES)[number]]?: boolean };
};

/** A bucket's own public access block, all four switches. */
export const s3BlockPublicAccess = defineControl({
  id: 's3-block-public-access',
  title: 'S3 buckets block public access',
  rationale: 'One public ACL or policy exposes every object in the bucket.',
  severity: 'high',
  resource: 'AWS::S3::Bucket',
  scope: 'regional',
  frameworks: {
    fsbp: ['S3.8'],
    'cis-v3': ['2.1.4'],
    'nist-800-53-r5': ['AC-3', 'SC-7'],
    'nist-csf-2.0': ['PR.AA-05', 'PR.DS-01'],
    'pci-dss-v4': ['1.4.4'],
  },
  detect: { by: 'managed-rule', identifier: 'S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED' },
  triggers: {
    's3:CreateBucket': 'requestParameters.bucketName',
    's3:PutBucketPublicAccessBlock': 'requestParameters.bucketName',
    's3:DeleteBucketPublicAccessBlock': 'requestParameters.bucketName',
  },
  configId: 'id',
  services: ['s3'],
  arn: 'arn:{partition}:s3:::{id}',
  normalizeId: bucketId,
  check(state: State) {
    const open = SWITCHES.filter((name) => state.PublicAccessBlockConfiguration?.[name] !== true);
    return open.length === 0 ? 'compliant' : { violation: `Public access is not blocked: ${open.join(', ')} is off.` };
  },
  violationExamples: [
    {},
    {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: false,
        BlockPublicPolicy: false,
        IgnorePublicAcls: false,
        RestrictPublicBuckets: false,
      },
    },
  ],
  template: ['PublicAccessBlockConfiguration'],
  observe: {
    actions: ['s3:ListAllMyBuckets', 's3:GetBucketPublicAccessBlock'],
    list: buckets,
    async read({ s3 }, target) {
      return ofBucket(async () => {
        const found = await ignoreNotFound('NoSuchPublicAccessBlockConfiguration', () =>
          s3.getPublicAccessBlock({ Bucket: target.id, ExpectedBucketOwner: target.account }),
        );
        const { PublicAccessBlockConfiguration } = found ?? {};
        return PublicAccessBlockConfiguration ? { PublicAccessBlockConfiguration } : {};
      });
    },
  },
  repair: {
    actions: ['s3:PutBucketPublicAccessBlock'],
    risk: 'medium',
    reversible: true,
    maxMode: 'auto',
    desired: () => ({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
    async write({ s3 }, target, state) {
      const bucket = { Bucket: target.id, ExpectedBucketOwner: target.account };
      if (state.PublicAccessBlockConfiguration)
        await s3.putPublicAccessBlock({
          ...bucket,
          PublicAccessBlockConfiguration: state.PublicAccessBlockConfiguration,
        });
      else await s3.deletePublicAccessBlock(bucket);
      return undefined;
    },
  },
});
