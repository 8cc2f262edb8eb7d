import { once } from 'node:events';
import { names } from '../lib/config/names.ts';
import { type Credentials, hub } from './accounts.ts';
import { decisionApi, storesOf } from './inspector.ts';
import type { LocalAws } from './local-aws.ts';
import { makeUser } from './users.ts';

/** Prints instructions for the local AWS, and keeps it running until Ctrl-C. */
export async function keepRunning(localAws: LocalAws): Promise<void> {
  const approver = await makeUser(new URL(localAws.gateway.url), hub.account, 'carol', ['execute-api:Invoke']);
  console.log(instructions(localAws, approver));
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}

const keysOf = (keys: Credentials | undefined) =>
  `AWS_ACCESS_KEY_ID=${keys?.accessKeyId} AWS_SECRET_ACCESS_KEY=${keys?.secretAccessKey}`;

function instructions(localAws: LocalAws, approver: Credentials): string {
  const { gateway, developers, deployment } = localAws;
  const { vault } = storesOf(deployment.outputs);
  const other = Object.keys(developers).find((account) => account !== hub.account) ?? hub.account;
  return `
The local AWS keeps running; Ctrl-C ends it. In another terminal, use the keys of the IAM user "dev" of account ${hub.account}:

  export AWS_ENDPOINT_URL=${gateway.url} AWS_REGION=${hub.region} AWS_DEFAULT_REGION=${hub.region}
  export EVENKEEL_API='${decisionApi(localAws)}'
  export ${keysOf(developers[hub.account])}

Open a port to the internet, and see Evenkeel close it:

  group=$(aws ec2 create-security-group --group-name by-hand --description by-hand --query GroupId --output text)
  aws ec2 authorize-security-group-ingress --group-id $group --protocol tcp --port 22 --cidr 0.0.0.0/0
  sleep 3; aws ec2 describe-security-groups --group-ids $group --query 'SecurityGroups[0].IpPermissions'

Turn off the encryption of a queue as "dev" of account ${other}, where queues require approval:

  export ${keysOf(developers[other])}
  queue=$(aws sqs create-queue --endpoint-url $AWS_ENDPOINT_URL --queue-name by-hand --query QueueUrl --output text)
  aws sqs set-queue-attributes --endpoint-url $AWS_ENDPOINT_URL --queue-url $queue --attributes SqsManagedSseEnabled=false

List the open approvals and approve one as "carol", because "dev" cannot approve their own change. "dev" can then roll it back:

  export ${keysOf(approver)}
  npx evenkeel status
  npx evenkeel approve <execution> --reason "seen"

Read the evidence, as the account's root:

  export AWS_ACCESS_KEY_ID=${hub.account} AWS_SECRET_ACCESS_KEY=sandbox
  aws s3 ls --recursive s3://${vault}/evidence/ | tail -3
  aws s3 cp s3://${vault}/<key> -

Sign the evidence now, export it and verify it. Then change a file and verify again:

  aws lambda invoke --function-name ${names.hubFunction('digest')} digest.json
  npx evenkeel evidence export ./evidence
  npx evenkeel evidence verify ./evidence --public-key ./evidence/public-key.pem
`;
}
