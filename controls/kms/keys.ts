import type { Clients, Place } from '../../lib/model/control.ts';

/** Yields every KMS key, AWS's own included, all pages; only `read` can tell whose a key is. */
export async function* keys({ kms }: Clients<'kms'>, _place: Place) {
  let Marker: string | undefined;
  do {
    const page = await kms.listKeys({ Limit: 1000, Marker });
    for (const { KeyId } of page.Keys ?? []) if (KeyId) yield { id: KeyId };
    Marker = page.Truncated ? page.NextMarker : undefined;
  } while (Marker);
}

/** A key's id from its ARN or its id. */
export const keyId = (spelling: string) => spelling.replace(/^arn:.*:key\//, '');
