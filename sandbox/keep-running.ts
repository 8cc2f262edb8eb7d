import { once } from 'node:events';
import { names } from '../lib/config/names.ts';
import { type Credentials, hub } from './accounts.ts';
import { decisionApi, storesOf } from './inspector.ts';
import type { LocalAws } from './local-aws.ts';
import { makeUser } from './users.ts';

/** Leaves the world running and tells a person how to act in it, until they end it with Ctrl-C. */
export async function keepRunning(world: LocalAws): Promise<void> {
  const approver = await makeUser(new URL(world.gateway.url), hub.account, 'carol', ['execute-api:Invoke']);
  console.log(instructions(world, approver));
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

const keysOf = (keys: Credentials | undefined) =>
  `AWS_ACCESS_KEY_ID=${keys?.accessKeyId} AWS_SECRET_ACCESS_KEY=${keys?.secretAccessKey}`;

function instructions(world: LocalAws, approver: Credentials): string {
  const { gateway, developers, deployment } = world;
  const { vault } = storesOf(deployment.outputs);
  const other = Object.keys(developers).find((account) => account !== hub.account) ?? hub.account;
  return `
It keeps running; Ctrl-C ends it. In another terminal, be the IAM user "dev" of account ${hub.account}:

  export AWS_ENDPOINT_URL=${gateway.url} AWS_REGION=${hub.region} AWS_DEFAULT_REGION=${hub.region}
  export EVENKEEL_API='${decisionApi(world)}'
  export ${keysOf(developers[hub.account])}

Open a port to the world, and see it closed:

  group=$(aws ec2 create-security-group --group-name by-hand --description by-hand --query GroupId --output text)
  aws ec2 authorize-security-group-ingress --group-id $group --protocol tcp --port 22 --cidr 0.0.0.0/0
  sleep 3; aws ec2 describe-security-groups --group-ids $group --query 'SecurityGroups[0].IpPermissions'

Break a queue as "dev" of account ${other}, where people are asked about queues:

  export ${keysOf(developers[other])}
  queue=$(aws sqs create-queue --endpoint-url $AWS_ENDPOINT_URL --queue-name by-hand --query QueueUrl --output text)
  aws sqs set-queue-attributes --endpoint-url $AWS_ENDPOINT_URL --queue-url $queue --attributes SqsManagedSseEnabled=false

See what waits, and approve it as "carol", for nobody approves what he caused; "dev" could then roll it back:

  export ${keysOf(approver)}
  npx evenkeel status
  npx evenkeel approve <execution> --reason "seen"

Read the evidence, as the account's root:

  export AWS_ACCESS_KEY_ID=${hub.account} AWS_SECRET_ACCESS_KEY=sandbox
  aws s3 ls --recursive s3://${vault}/evidence/ | tail -3
  aws s3 cp s3://${vault}/<key> -

Have it signed now and not within the hour, bring it all, and verify it; then change a file, and verify again:

  aws lambda invoke --function-name ${names.hubFunction('digest')} digest.json
  npx evenkeel evidence export ./evidence
  npx evenkeel evidence verify ./evidence --public-key ./evidence/public-key.pem
`;
}
