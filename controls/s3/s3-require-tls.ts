import { defineControl } from '../../lib/model/index.ts';
import { bucket } from './bucket.ts';
import { policyText } from './bucket-policy.ts';
import { locateBucketPolicy } from './bucket-policy-template.ts';
import { deniesPlainHttp, withTlsStatement } from './tls-statement.ts';

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html
const WEBSITE =
  'The bucket serves a website, whose endpoint accepts HTTP only, so the repair makes the website unavailable.';

/** Requires a bucket policy that denies requests over plain HTTP. */
export const s3RequireTls = defineControl({
  id: 's3-require-tls',
  title: 'S3 buckets require TLS',
  rationale: 'Over plain HTTP, anyone on the network path can read and change the objects in transit.',
  severity: 'medium',
  frameworks: {
    fsbp: ['S3.5'],
    'cis-v3': ['2.1.1'],
    'nist-800-53-r5': [
      'AC-17(2)',
      'AC-4',
      'IA-5(1)',
      'SC-12(3)',
      'SC-13',
      'SC-23',
      'SC-23(3)',
      'SC-7(4)',
      'SC-8',
      'SC-8(1)',
      'SC-8(2)',
      'SI-7(6)',
    ],
    'nist-csf-2.0': ['PR.DS-02'],
    'pci-dss-v4': ['1.2.5', '2.2.5', '2.2.7', '4.2.1', '4.2.1.1', '8.3.2'],
  },
  resource: bucket,
  facets: ['policy'],
  state: ({ policy: { document } }, { arn }) => ({
    Arn: arn,
    ...(document !== undefined && { PolicyDocument: document }),
  }),
  rule: {
    properties: ['Arn', 'PolicyDocument'],
    check(state) {
      if (deniesPlainHttp(state)) return 'compliant';
      return {
        violation:
          state.PolicyDocument === undefined
            ? 'The bucket has no policy, so it accepts requests over plain HTTP.'
            : 'The bucket policy does not deny all plain HTTP requests to the bucket and its objects.',
      };
    },
    violationExamples: [
      { Arn: 'arn:aws:s3:::example' },
      {
        Arn: 'arn:aws:s3:::example',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: 'arn:aws:iam::111122223333:root' },
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::example/*',
          },
        },
      },
      {
        Arn: 'arn:aws:s3:::example',
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Readers',
              Effect: 'Allow',
              Principal: { AWS: 'arn:aws:iam::111122223333:root' },
              Action: ['s3:GetObject'],
              Resource: 'arn:aws:s3:::example/*',
            },
            {
              Sid: 'ObjectsAlone',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: ['arn:aws:s3:::example/*'],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    ],
  },
  template: { properties: ['PolicyDocument'], locate: locateBucketPolicy },
  // A custom rule, because AWS does not document the principals, actions and resources that S3_BUCKET_SSL_REQUESTS_ONLY
  // expects in the statement.
  triggers: {
    'requestParameters.bucketName': ['s3:CreateBucket', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
  },
  repair: {
    actions: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
    risk: 'medium',
    reversible: true,
    maxMode: 'auto',
    replaces: true,
    desired: withTlsStatement,
    async write({ s3 }, { id, account }, { PolicyDocument }) {
      const owned = { Bucket: id, ExpectedBucketOwner: account };
      if (PolicyDocument === undefined) await s3.deleteBucketPolicy(owned);
      else await s3.putBucketPolicy({ ...owned, Policy: policyText(PolicyDocument, id) });
    },
    circumstances: ['website'],
    caution: (_state, _desired, { website }) =>
      website.enabled ? { maxMode: 'approve', because: WEBSITE } : undefined,
  },
});
