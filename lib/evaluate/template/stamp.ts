import type { Json } from '../../model/control.ts';
import { isObject, own } from '../../model/json.ts';

/** Where a stack's template came from. */
export interface Stamp {
  readonly repository?: string;
  /** The commit, with `-dirty` behind it where files were changed since. */
  readonly commit?: string;
}

/** The key in a template's Metadata under which the stamp stands. */
export const STAMP = 'Evenkeel';

const REPOSITORY = /^[\w.+~@:/%-]{1,512}$/;
const COMMIT = /^[0-9a-f]{7,64}(-dirty)?$/;

/** What is kept of a stamp: whoever deploys a stack writes what he likes there, and people read it in messages. */
export const checkedStamp = ({ repository, commit }: { readonly [key: string]: Json | undefined }): Stamp => ({
  ...(typeof repository === 'string' && REPOSITORY.test(repository) && { repository }),
  ...(typeof commit === 'string' && COMMIT.test(commit) && { commit }),
});

/** Reads the stamp of a template; empty where there is none. */
export function stampIn(template: { readonly Metadata?: Json }): Stamp {
  const stamp = own(template.Metadata, STAMP);
  return isObject(stamp) ? checkedStamp(stamp) : {};
}
