import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3';
import { boolean, defineResource, type Json, object, policy, text } from '../../lib/model/index.ts';
import { ignoreNotFound } from '../errors.ts';
import { pages } from '../pages.ts';
import { parsePolicy } from './bucket-policy.ts';

const depends = {
  absent: {
    depends: 'S3 turns it on for buckets that were made after April 2023',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  },
} as const;

/** A general purpose bucket that lives in the client's region. */
export const bucket = defineResource({
  type: 'AWS::S3::Bucket',
  services: ['s3'],
  arn: 'arn:{partition}:s3:::{id}',
  properties: {
    // The bucket's own ARN, which its policy must name; no property of the bucket.
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
    /** The bucket policy; `document` is absent where there is none. */
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
    /** The bucket's own public access block; `configuration` is absent where there is none. */
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
  },
});

const NOT_HERE = [
  'NoSuchBucket',
  // A bucket of another region answers in one of these ways, by age and by region.
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'PermanentRedirect',
  'TemporaryRedirect',
];

/** Runs the read of one bucket; `undefined` when it is gone or in another region than the client's. */
const ofBucket = <T>(read: () => Promise<T>): Promise<T | undefined> => ignoreNotFound(NOT_HERE, read);
