import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { services } from '../controls/services.ts';
import { accounts, type Credentials, hub, rootOf } from './accounts.ts';

/** The name of an ordinary IAM user in each governed account, who changes resources manually. */
const developer = 'dev';

/** The developer can use the services of the controls and the API for approvals. */
const prefixes = ['execute-api', ...Object.values(services).map(({ iam }) => iam)];

/** Creates the developer in every governed account, and returns their access keys by account. */
export async function makeDevelopers(gatewayUrl: URL): Promise<Record<string, Credentials>> {
  const actions = prefixes.map((prefix) => `${prefix}:*`);
  const keys = accounts.map(
    async (account) => [account, await makeUser(gatewayUrl, account, developer, actions)] as const,
  );
  return Object.fromEntries(await Promise.all(keys));
}

/** Creates the user who deploys; they can only assume the roles of cdk bootstrap. */
export function makeDeployer(gatewayUrl: URL): Promise<Credentials> {
  return makeUser(gatewayUrl, hub.account, 'deployer', ['sts:AssumeRole'], 'arn:aws:iam::*:role/cdk-*');
}

/** Creates an IAM user with these actions only, and returns their access key. */
export async function makeUser(
  url: URL,
  account: string,
  name: string,
  actions: string[],
  resource = '*',
): Promise<Credentials> {
  const iam = new IAMClient({ endpoint: url.href, region: 'us-east-1', credentials: rootOf(account) });
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: resource }] };
  await iam.send(new CreateUserCommand({ UserName: name }));
  await iam.send(
    new PutUserPolicyCommand({ UserName: name, PolicyName: 'actions', PolicyDocument: JSON.stringify(policy) }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error(`IAM returned no access key for ${name}.`);
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}
