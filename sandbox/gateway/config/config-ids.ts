import type { ChangedResource } from '../catalogue.ts';
import type { Upstream } from '../upstream.ts';

/** Returns AWS Config's id of a resource, which is not always the API's name; `undefined` if the resource does not exist. */
export async function configIdOf(
  { type, name }: ChangedResource,
  at: { account: string; region: string },
  upstream: Upstream,
  moto: () => URL,
): Promise<string | undefined> {
  if (type === 'AWS::IAM::User') {
    const form = { Action: 'GetUser', Version: '2010-05-08', UserName: name };
    return elementOf(await query(upstream, { ...at, scope: 'iam' }, form), 'UserId');
  }
  if (type === 'AWS::RDS::DBInstance') {
    const form = { Action: 'DescribeDBInstances', Version: '2014-10-31', DBInstanceIdentifier: name };
    return elementOf(await query(upstream, { ...at, scope: 'rds', to: moto() }, form), 'DbiResourceId');
  }
  return name;
}

async function query(
  upstream: Upstream,
  to: { account: string; region: string; scope: string; to?: URL },
  form: Record<string, string>,
): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const { body } = await upstream.asRoot({ ...to, headers, body: new URLSearchParams(form).toString() });
  return body.toString();
}

function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]+)<`).exec(xml)?.[1];
}
