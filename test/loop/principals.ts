import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import { makeUser } from '../../sandbox/users.ts';
import { freshName, localAws } from './local-aws.ts';

const at = { endpoint: localAws.gateway.url, region: hub.region };
const iam = new IAM({ ...at, credentials: rootOf(hub.account) });

/** Somebody who may do whatever an identity policy can allow in the hub account. */
export const administrator = (): Promise<Credentials> =>
  makeUser(new URL(localAws.gateway.url), hub.account, freshName('admin'), ['*']);

/** CloudFormation's role, which may change the vault's policy, and nothing in the vault while that policy stands. */
export const DEPLOYMENT: string = `cdk-hnb659fds-cfn-exec-role-${hub.account}-${hub.region}`;

/** The credentials of a role, as an administrator could get them: by letting himself in for a moment. */
export async function credentialsOf(RoleName: string, admin: Credentials): Promise<Credentials> {
  const { Role } = await iam.getRole({ RoleName });
  const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
  const admits = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${hub.account}:root` }, Action: 'sts:AssumeRole' }],
  };
  await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: JSON.stringify(admits) });
  try {
    const sts = new STS({ ...at, credentials: admin });
    const { Credentials } = await sts.assumeRole({ RoleArn: Role?.Arn, RoleSessionName: 'taken' });
    return {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken,
    };
  } finally {
    await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: trust });
  }
}
