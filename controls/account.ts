import type { Place } from '../lib/model/control.ts';

/** Yields the account itself, for settings that an account has once (in a region or at all). */
export async function* theAccount(_clients: object, { account }: Place) {
  yield { id: account };
}
