import { once } from 'node:events';
import { names } from '../lib/names.ts';
import { hub } from './accounts.ts';
import { storesOf } from './watch.ts';
import type { World } from './world.ts';

/** Leaves the world running and tells a person how to act in it, until they end it with Ctrl-C. */
export async function keepRunning(world: World): Promise<void> {
  console.log(instructions(world));
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

function instructions({ gateway, developers, deployment }: World): string {
  const { vault } = storesOf(deployment.outputs);
  const keys = developers[hub.account];
  return `
It keeps running; Ctrl-C ends it. In another terminal, be the IAM user "dev" of account ${hub.account}:

  export AWS_ENDPOINT_URL=${gateway.url} AWS_REGION=${hub.region} AWS_DEFAULT_REGION=${hub.region}
  export AWS_ACCESS_KEY_ID=${keys?.accessKeyId} AWS_SECRET_ACCESS_KEY=${keys?.secretAccessKey}

Open a port to the world, and see it closed:

  group=$(aws ec2 create-security-group --group-name by-hand --description by-hand --query GroupId --output text)
  aws ec2 authorize-security-group-ingress --group-id $group --protocol tcp --port 22 --cidr 0.0.0.0/0
  sleep 3; aws ec2 describe-security-groups --group-ids $group --query 'SecurityGroups[0].IpPermissions'

Read the evidence, as the account's root:

  export AWS_ACCESS_KEY_ID=${hub.account} AWS_SECRET_ACCESS_KEY=sandbox
  aws s3 ls --recursive s3://${vault}/evidence/ | tail -3
  aws s3 cp s3://${vault}/<key> -

Have it signed now and not within the hour, bring it all, and verify it; then change a file, and verify again:

  aws lambda invoke --function-name ${names.hubFunction('digest')} digest.json
  npx evenkeel evidence export ./evidence
  npx evenkeel evidence verify ./evidence --public-key ./evidence/public-key.pem

The other governed accounts' "dev":
${Object.entries(developers)
  .filter(([account]) => account !== hub.account)
  .map(
    ([account, key]) =>
      `  ${account}  AWS_ACCESS_KEY_ID=${key.accessKeyId} AWS_SECRET_ACCESS_KEY=${key.secretAccessKey}`,
  )
  .join('\n')}
`;
}
