import { defineControl } from '../../lib/model/index.ts';
import { requires } from '../requirement.ts';
import { bucket } from './bucket.ts';

const ALL_ON = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
} as const;

/** Requires all four settings of a bucket's public access block. */
export const s3BlockPublicAccess = defineControl({
  id: 's3-block-public-access',
  title: 'S3 buckets block public access',
  rationale: 'A single public ACL or policy can expose every object in the bucket.',
  severity: 'high',
  frameworks: {
    fsbp: ['S3.8'],
    'cis-v3': ['2.1.4'],
    'nist-800-53-r5': ['AC-3', 'SC-7'],
    'nist-csf-2.0': ['PR.AA-05', 'PR.DS-01'],
    'pci-dss-v4': ['1.4.4'],
  },
  resource: bucket,
  facets: ['publicAccessBlock'],
  state: ({ publicAccessBlock: { configuration } }) =>
    configuration ? { PublicAccessBlockConfiguration: configuration } : {},
  rule: requires(
    { PublicAccessBlockConfiguration: ALL_ON },
    (settings) => `Public access is not blocked: ${settings} off.`,
    { explicit: true },
  ),
  detect: { by: 'managed-rule', identifier: 'S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED' },
  triggers: {
    'requestParameters.bucketName': [
      's3:CreateBucket',
      's3:PutBucketPublicAccessBlock',
      's3:DeleteBucketPublicAccessBlock',
    ],
  },
  repair: {
    actions: ['s3:PutBucketPublicAccessBlock'],
    risk: 'medium',
    reversible: true,
    maxMode: 'auto',
    async write({ s3 }, { id, account }, { PublicAccessBlockConfiguration }) {
      const owned = { Bucket: id, ExpectedBucketOwner: account };
      if (PublicAccessBlockConfiguration) await s3.putPublicAccessBlock({ ...owned, PublicAccessBlockConfiguration });
      else await s3.deletePublicAccessBlock(owned);
    },
    circumstances: ['publicAccess'],
    caution(_state, _desired, { publicAccess: { byPolicy, byAcl } }) {
      if (!byPolicy && !byAcl) return undefined;
      const because = `The bucket's ${byPolicy ? 'policy' : 'ACL'} grants public access, which the repair blocks.`;
      return { maxMode: 'approve', because };
    },
  },
});
