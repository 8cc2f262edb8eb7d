import { IAM } from '@aws-sdk/client-iam';
import { STS } from '@aws-sdk/client-sts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import { makeUser } from '../../sandbox/users.ts';
import { freshName, localAws } from './local-aws.ts';

const at = { endpoint: localAws.gateway.url, region: hub.region };
const iam = new IAM({ ...at, credentials: rootOf(hub.account) });

/** An administrator of the hub account, with every right that an identity policy can allow. */
export const administrator = (): Promise<Credentials> =>
  makeUser(new URL(localAws.gateway.url), hub.account, freshName('admin'), ['*']);

/** The role of CloudFormation. It may change the policy of the vault, but no object in the vault under that policy. */
export const DEPLOYMENT: string = `cdk-hnb659fds-cfn-exec-role-${hub.account}-${hub.region}`;

/** The credentials of a role, as an administrator can get them: by a temporary change of the role's trust policy. */
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
