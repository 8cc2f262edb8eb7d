import type { Clients } from '../../../lib/model/index.ts';
import { ignoreNotFound } from '../../errors.ts';
import { AWS, type Ingress, type PrefixList, type Rule } from './rules.ts';

type Ec2 = Clients<'ec2'>['ec2'];
type Owned = { readonly id: string; readonly owner: string };

/** Makes a function that tells what the prefix lists in a group's rules contain, and asks EC2 about each list once. */
export function prefixListsOf({ ec2 }: Clients<'ec2'>, account: string) {
  const known = new Map<string, PrefixList | undefined>();
  return async (rules: readonly Rule[]): Promise<NonNullable<Ingress['PrefixLists']>> => {
    const ids = [...new Set(rules.flatMap(({ SourcePrefixListId: id }) => (typeof id === 'string' ? [id] : [])))];
    const asked = ids.filter((id) => !known.has(id));
    for (const id of asked) known.set(id, undefined);
    for (const list of await owned(ec2, asked)) known.set(list.id, await read(ec2, list, account));
    return Object.fromEntries(
      ids.flatMap((id) => {
        const list = known.get(id);
        return list ? [[id, list] as const] : [];
      }),
    );
  };
}

/** Whose the lists are; one that is no longer shared with this account is not shown to it. */
async function owned(ec2: Ec2, ids: readonly string[]): Promise<readonly Owned[]> {
  if (ids.length === 0) return [];
  const found: Owned[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2.describeManagedPrefixLists({
      // Named as ids, one list that is gone would fail the call for all.
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

/** What a list contains, as far as it may be read: rights may end at this account, for lists shared with it too. */
async function read(ec2: Ec2, { id, owner }: Owned, account: string): Promise<PrefixList | undefined> {
  // Its account is none of ours, so that reading it is refused wherever rights end at one's own.
  if (owner === AWS) return { OwnerId: owner };
  const gone = ['InvalidPrefixListID.NotFound', 'InvalidPrefixListId.NotFound'];
  try {
    return await ignoreNotFound(gone, () => entriesOf(ec2, id));
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
