import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { accounts, type Credentials, hub, rootOf } from './accounts.ts';

/** The person who changes things in the governed accounts by hand: an ordinary IAM user of that name in each. */
const developer = 'dev';

/** What the developer may use: the governed services, and the door at which people approve. */
const services = ['cloudtrail', 'ec2', 'execute-api', 'iam', 'kms', 'rds', 's3', 'sqs'];

/** Makes the developer in every governed account, each with an access key, and gives the keys by account. */
export async function makeDevelopers(gatewayUrl: URL): Promise<Record<string, Credentials>> {
  const actions = services.map((service) => `${service}:*`);
  const keys = accounts.map(
    async (account) => [account, await makeUser(gatewayUrl, account, developer, actions)] as const,
  );
  return Object.fromEntries(await Promise.all(keys));
}

/** Makes the user who deploys: all that it may do is to take the roles that cdk bootstrap made. */
export function makeDeployer(gatewayUrl: URL): Promise<Credentials> {
  return makeUser(gatewayUrl, hub.account, 'deployer', ['sts:AssumeRole'], 'arn:aws:iam::*:role/cdk-*');
}

/** Makes an IAM user who may do that and nothing else, and gives its keys. */
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
    new PutUserPolicyCommand({ UserName: name, PolicyName: 'all-of-it', PolicyDocument: JSON.stringify(policy) }),
  );
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  if (!AccessKey?.AccessKeyId || !AccessKey.SecretAccessKey) throw new Error(`IAM made no access key for ${name}`);
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}
