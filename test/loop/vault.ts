import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import { KMS } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SFN } from '@aws-sdk/client-sfn';
import type { Summary } from '../../lambdas/digest/digester.ts';
import { directInput } from '../../lambdas/events/trigger.ts';
import { names } from '../../lib/config/names.ts';
import { digestKey, type SignedDigest } from '../../lib/evidence/digest.ts';
import { hub, rootOf } from '../../sandbox/accounts.ts';
import { storesOf } from '../../sandbox/inspector.ts';
import { controlOf, inspector, localAws } from './local-aws.ts';

const asRoot = { endpoint: localAws.gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const lambda = new Lambda(asRoot);

/** S3 with the credentials of the account's root user, and the name of the vault. */
export const s3: S3 = new S3(asRoot);
export const { vault: Bucket } = storesOf(localAws.deployment.outputs);

/** Invokes the digest function; throws its error. */
export async function runDigest(): Promise<Summary> {
  const { FunctionError, Payload } = await lambda.invoke({ FunctionName: names.hubFunction('digest') });
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(answer);
  return JSON.parse(answer);
}

/** All digests in the vault, in order. */
export async function digests(): Promise<SignedDigest[]> {
  const { Contents = [] } = await s3.listObjectsV2({ Bucket, Prefix: 'digests/' });
  return Promise.all(Contents.map(async (_, index) => JSON.parse(await bodyOf(digestKey(index + 1)))));
}

/** The content of an object as text. */
export async function bodyOf(Key: string): Promise<string> {
  return (await (await s3.getObject({ Bucket, Key })).Body?.transformToString()) ?? '';
}

/** The public key of the key that signs digests. */
export async function publicKey(): Promise<KeyObject> {
  const KeyId = localAws.deployment.outputs['evenkeel-hub']?.DigestKey;
  const { PublicKey } = await new KMS(asRoot).getPublicKey({ KeyId });
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
}

/** Starts one execution on a compliant setting and returns the keys of its records. */
export async function recordOne(): Promise<string[]> {
  const control = controlOf('ebs-encryption-by-default');
  const { account, region } = hub;
  const since = new Date();
  const event = randomUUID();
  await new SFN(asRoot).startExecution({
    stateMachineArn: `arn:aws:states:${region}:${account}:stateMachine:${names.machine}`,
    name: event,
    input: directInput({ source: 'sweep', event, account, region, control: control.id, resource: account }),
  });
  return (await inspector.settled(control.id, account, since)).records.map(({ key }) => key);
}

/** The keys of all records in the vault. */
export async function recordKeys(): Promise<string[]> {
  const { Contents = [], IsTruncated } = await s3.listObjectsV2({ Bucket, Prefix: 'evidence/' });
  if (IsTruncated) throw new Error('The vault has more records than one page lists.');
  return Contents.flatMap(({ Key }) => Key ?? []);
}
