import type { Clients, Place } from '../../lib/model/control.ts';
import { ignoreNotFound } from '../errors.ts';

/** Yields the buckets that live in the place's region, all pages; the state is left to the control's own `read`. */
export async function* buckets({ s3 }: Clients<'s3'>, { region }: Place) {
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.listBuckets({ BucketRegion: region, MaxBuckets: 1000, ContinuationToken });
    for (const { Name } of page.Buckets ?? []) if (Name) yield { id: Name };
    ContinuationToken = page.ContinuationToken;
  } while (ContinuationToken);
}

const NOT_HERE = [
  'NoSuchBucket',
  // A bucket of another region answers in one of these ways, by age and by region, and is judged over there.
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'PermanentRedirect',
  'TemporaryRedirect',
];

/** Runs the read of one bucket, and answers `undefined` when it is gone or lives in another region than the client's. */
export const ofBucket = <T>(read: () => Promise<T>): Promise<T | undefined> => ignoreNotFound(NOT_HERE, read);

/** A bucket's name from its ARN or its name. */
export const bucketId = (spelling: string) => spelling.replace(/^arn:[^:]+:s3:::/, '');
