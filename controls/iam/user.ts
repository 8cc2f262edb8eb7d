import type { AccessKeyMetadata } from '@aws-sdk/client-iam';
import { type Clients, defineResource, type LastUse, map, object, oneOf, text } from '../../lib/model/index.ts';
import { ignoreNotFound } from '../errors.ts';
import { pages } from '../pages.ts';

/** An IAM user. Reading access keys takes one call, and reading their last use one call per key. */
export const user = defineResource({
  type: 'AWS::IAM::User',
  scope: 'global',
  configId: 'name',
  services: ['iam'],
  // Events and listings have the user's name without the path, so `*` stands for any path.
  arn: 'arn:{partition}:iam::{account}:user/*{id}',
  properties: {
    AccessKeys: map(object({ CreateDate: text(), Status: oneOf(['Active', 'Inactive', 'Expired']) })),
  },
  list: {
    actions: ['iam:ListUsers'],
    async *all({ iam }) {
      const all = pages(
        (Marker?: string) => iam.listUsers({ MaxItems: 1000, Marker }),
        (page) => (page.IsTruncated ? page.Marker : undefined),
      );
      for await (const { Users = [] } of all) for (const { UserName } of Users) if (UserName) yield { id: UserName };
    },
  },
  facets: {
    accessKeys: { actions: ['iam:ListAccessKeys'], read: (clients, { id }) => accessKeys(clients, id) },
    /** The last use by access key id. */
    keyUse: {
      actions: ['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'],
      async read(clients, { id }): Promise<{ readonly [key: string]: LastUse } | undefined> {
        const keys = await accessKeys(clients, id);
        const entries = keys?.flatMap(({ AccessKeyId }) => AccessKeyId ?? []).map((key) => lastUse(clients, key));
        return entries && Object.fromEntries(await Promise.all(entries));
      },
    },
  },
});

async function accessKeys({ iam }: Clients<'iam'>, UserName: string): Promise<AccessKeyMetadata[] | undefined> {
  return ignoreNotFound('NoSuchEntityException', async () => {
    const all = pages(
      (Marker?: string) => iam.listAccessKeys({ UserName, Marker }),
      (page) => (page.IsTruncated ? page.Marker : undefined),
    );
    const keys: AccessKeyMetadata[] = [];
    for await (const { AccessKeyMetadata = [] } of all) keys.push(...AccessKeyMetadata);
    return keys;
  });
}

async function lastUse({ iam }: Clients<'iam'>, AccessKeyId: string): Promise<readonly [string, LastUse]> {
  const { AccessKeyLastUsed: { LastUsedDate, ServiceName, Region } = {} } = await iam.getAccessKeyLastUsed({
    AccessKeyId,
  });
  // For a key without a recorded use, AWS returns N/A as service and region.
  const use = LastUsedDate && { at: LastUsedDate.toISOString(), service: ServiceName, region: Region };
  return [AccessKeyId, { what: AccessKeyId, ...use }];
}
