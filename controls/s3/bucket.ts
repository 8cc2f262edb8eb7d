import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import { boolean, defineResource, type Json, object, policy, text } from '../../lib/model/index.ts';
import { ignoreNotFound } from '../errors.ts';
import { pages } from '../pages.ts';
import { parsePolicy } from './bucket-policy.ts';

// S3 enables the settings for buckets that were created after April 2023.
const depends = {
  absent: {
    depends: 'the creation date of the bucket',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  },
} as const;

// S3's groups of everyone and of everyone with an AWS account.
const EVERYONE = /\/groups\/global\/(AllUsers|AuthenticatedUsers)$/;

/** A general purpose bucket in the client's region. */
export const bucket = defineResource({
  type: 'AWS::S3::Bucket',
  services: ['s3'],
  arn: 'arn:{partition}:s3:::{id}',
  properties: {
    // The bucket's ARN, which its policy must name; not a CloudFormation property of the bucket.
    Arn: text(),
    // A property of AWS::S3::BucketPolicy.
    PolicyDocument: policy(),
    PublicAccessBlockConfiguration: object({
      BlockPublicAcls: boolean(depends),
      BlockPublicPolicy: boolean(depends),
      IgnorePublicAcls: boolean(depends),
      RestrictPublicBuckets: boolean(depends),
    }),
  },
  list: {
    actions: ['s3:ListAllMyBuckets'],
    async *all({ s3 }, { region }) {
      const all = pages(
        (ContinuationToken?: string) => s3.listBuckets({ BucketRegion: region, MaxBuckets: 1000, ContinuationToken }),
        (page) => page.ContinuationToken,
      );
      for await (const { Buckets = [] } of all) for (const { Name } of Buckets) if (Name) yield { id: Name };
    },
  },
  facets: {
    /** The bucket policy; `document` is absent if there is none. */
    policy: {
      actions: ['s3:GetBucketPolicy'],
      read: ({ s3 }, { id, account }) =>
        ofBucket(async (): Promise<{ readonly document?: Json }> => {
          const found = await ignoreNotFound('NoSuchBucketPolicy', () =>
            s3.getBucketPolicy({ Bucket: id, ExpectedBucketOwner: account }),
          );
          return found?.Policy ? { document: parsePolicy(found.Policy, id) } : {};
        }),
    },
    /** The bucket's own public access block; `configuration` is absent if there is none. */
    publicAccessBlock: {
      actions: ['s3:GetBucketPublicAccessBlock'],
      read: ({ s3 }, { id, account }) =>
        ofBucket(async (): Promise<{ readonly configuration?: PublicAccessBlockConfiguration }> => {
          const found = await ignoreNotFound('NoSuchPublicAccessBlockConfiguration', () =>
            s3.getPublicAccessBlock({ Bucket: id, ExpectedBucketOwner: account }),
          );
          return { configuration: found?.PublicAccessBlockConfiguration };
        }),
    },
    /** Whether the policy or the ACL of the bucket is public, even if a block prevents the access. */
    publicAccess: {
      actions: ['s3:GetBucketPolicyStatus', 's3:GetBucketAcl'],
      read: ({ s3 }, { id, account }) =>
        ofBucket(async (): Promise<{ readonly byPolicy: boolean; readonly byAcl: boolean }> => {
          const owned = { Bucket: id, ExpectedBucketOwner: account };
          const [status, { Grants = [] }] = await Promise.all([
            ignoreNotFound('NoSuchBucketPolicy', () => s3.getBucketPolicyStatus(owned)),
            s3.getBucketAcl(owned),
          ]);
          return {
            byPolicy: status?.PolicyStatus?.IsPublic === true,
            byAcl: Grants.some(({ Grantee }) => EVERYONE.test(Grantee?.URI ?? '')),
          };
        }),
    },
    /** Whether S3 serves the bucket as a website. */
    website: {
      actions: ['s3:GetBucketWebsite'],
      read: ({ s3 }, { id, account }) =>
        ofBucket(async (): Promise<{ readonly enabled: boolean }> => {
          const found = await ignoreNotFound('NoSuchWebsiteConfiguration', () =>
            s3.getBucketWebsite({ Bucket: id, ExpectedBucketOwner: account }),
          );
          return { enabled: found !== undefined };
        }),
    },
  },
});

const NOT_HERE = [
  'NoSuchBucket',
  // For a bucket in another region, S3 returns one of these, depending on the bucket's age and the region.
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'PermanentRedirect',
  'TemporaryRedirect',
];

/** Reads a bucket; `undefined` if the bucket is gone or in another region than the client. */
const ofBucket = <T>(read: () => Promise<T>): Promise<T | undefined> => ignoreNotFound(NOT_HERE, read);
