import type { Clients } from '../../../lib/model/index.ts';
import { ignoreNotFound } from '../../errors.ts';
import { AWS, type Ingress, type PrefixList, type Rule } from './rules.ts';

type Ec2 = Clients<'ec2'>['ec2'];
type Owned = { readonly id: string; readonly owner: string };

/** Returns a function that reads the prefix lists in a group's rules, each list only once. */
export function prefixListsOf({ ec2 }: Clients<'ec2'>, account: string) {
  const known = new Map<string, PrefixList | undefined>();
  return async (rules: readonly Rule[]): Promise<NonNullable<Ingress['PrefixLists']>> => {
    const ids = [...new Set(rules.flatMap(({ SourcePrefixListId: id }) => (typeof id === 'string' ? [id] : [])))];
    const unread = ids.filter((id) => !known.has(id));
    for (const id of unread) known.set(id, undefined);
    for (const list of await owned(ec2, unread)) known.set(list.id, await read(ec2, list, account));
    return Object.fromEntries(
      ids.flatMap((id) => {
        const list = known.get(id);
        return list ? [[id, list] as const] : [];
      }),
    );
  };
}

/** The owners of the lists; EC2 does not return a list that is no longer shared with this account. */
async function owned(ec2: Ec2, ids: readonly string[]): Promise<readonly Owned[]> {
  if (ids.length === 0) return [];
  const found: Owned[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.describeManagedPrefixLists({
      // A filter and not ids: with ids, one deleted list would fail the call for all.
      Filters: [{ Name: 'prefix-list-id', Values: [...ids] }],
      MaxResults: 100,
      NextToken,
    });
    for (const { PrefixListId: id, OwnerId: owner } of page.PrefixLists ?? [])
      if (id && owner) found.push({ id, owner });
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/** The entries of a list, or its owner: a policy may allow reads in this account only, even for shared lists. */
async function read(ec2: Ec2, { id, owner }: Owned, account: string): Promise<PrefixList | undefined> {
  // A policy that allows reads in this account only denies reads of AWS's lists.
  if (owner === AWS) return { OwnerId: owner };
  const notFound = ['InvalidPrefixListID.NotFound', 'InvalidPrefixListId.NotFound'];
  try {
    return await ignoreNotFound(notFound, () => entriesOf(ec2, id));
  } catch (error) {
    const isDenied = error instanceof Error && error.name === 'UnauthorizedOperation';
    if (isDenied && owner !== account) return { OwnerId: owner };
    throw error;
  }
}

async function entriesOf(ec2: Ec2, PrefixListId: string): Promise<readonly string[]> {
  const blocks: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.getManagedPrefixListEntries({ PrefixListId, MaxResults: 100, NextToken });
    for (const { Cidr } of page.Entries ?? []) if (Cidr) blocks.push(Cidr);
    NextToken = page.NextToken;
  } while (NextToken);
  return blocks.sort();
}
