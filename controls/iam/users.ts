import type { Clients, Place } from '../../lib/model/control.ts';

/** Yields every IAM user, all pages; what hangs on a user costs a call each and is left to the control's own `read`. */
export async function* users({ iam }: Clients<'iam'>, _place: Place) {
  let Marker: string | undefined;
  do {
    const page = await iam.listUsers({ MaxItems: 1000, Marker });
    for (const { UserName } of page.Users ?? []) if (UserName) yield { id: UserName };
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker);
}

/** A user's name from the ARN, whatever its path, or from the name. */
export const userId = (spelling: string) => spelling.replace(/^arn:[^:]+:iam::\d*:user\/(.*\/)?/, '');
