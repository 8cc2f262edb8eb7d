import type { Clients, Place } from '../../lib/control.ts';

/** Yields the buckets that live in the place's region, all pages; the state is left to the control's own `read`. */
export async function* buckets({ s3 }: Clients<'s3'>, { region }: Place) {
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.listBuckets({ BucketRegion: region, MaxBuckets: 1000, ContinuationToken });
    for (const { Name } of page.Buckets ?? []) if (Name) yield { id: Name };
    ContinuationToken = page.ContinuationToken;
  } while (ContinuationToken);
}

/** A bucket's name from its ARN or its name. */
export const bucketId = (spelling: string) => spelling.replace(/^arn:[^:]+:s3:::/, '');
