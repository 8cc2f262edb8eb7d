import type { Json } from '../../model/control.ts';
import { isObject, own } from '../../model/json.ts';

/** The source of a stack's template. */
export interface Stamp {
  readonly repository?: string;
  /** The commit, with the suffix `-dirty` if files had uncommitted changes. */
  readonly commit?: string;
}

/** The key of the stamp in a template's Metadata. */
export const STAMP = 'Evenkeel';

const REPOSITORY = /^[\w.+~@:/%-]{1,512}$/;
const COMMIT = /^[0-9a-f]{7,64}(-dirty)?$/;

/** Drops values of an unexpected form: anyone who deploys a stack can write the stamp, and messages show it to people. */
export const checkedStamp = ({ repository, commit }: { readonly [key: string]: Json | undefined }): Stamp => ({
  ...(typeof repository === 'string' && REPOSITORY.test(repository) && { repository }),
  ...(typeof commit === 'string' && COMMIT.test(commit) && { commit }),
});

/** Reads the stamp of a template; empty if there is none. */
export function stampIn(template: { readonly Metadata?: Json }): Stamp {
  const stamp = own(template.Metadata, STAMP);
  return isObject(stamp) ? checkedStamp(stamp) : {};
}
