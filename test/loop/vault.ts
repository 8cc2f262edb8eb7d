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
import { storesOf } from '../../sandbox/watch.ts';
import { controlOf, eye, world } from './local-aws.ts';

const asRoot = { endpoint: world.gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const lambda = new Lambda(asRoot);

/** The vault as its account's root sees it, and the bucket's name. */
export const s3: S3 = new S3(asRoot);
export const { vault: Bucket } = storesOf(world.deployment.outputs);

/** Runs the digest function now, as the schedule would; an error of the function is thrown. */
export async function runDigest(): Promise<Summary> {
  const { FunctionError, Payload } = await lambda.invoke({ FunctionName: names.hubFunction('digest') });
  const answer = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(answer);
  return JSON.parse(answer);
}

/** Every digest in the vault, by its number. */
export async function digests(): Promise<SignedDigest[]> {
  const { Contents = [] } = await s3.listObjectsV2({ Bucket, Prefix: 'digests/' });
  return Promise.all(Contents.map(async (_, index) => JSON.parse(await bodyOf(digestKey(index + 1)))));
}

/** The bytes of an object, as text. */
export async function bodyOf(Key: string): Promise<string> {
  return (await (await s3.getObject({ Bucket, Key })).Body?.transformToString()) ?? '';
}

/** What anybody may ask for: the public half of the key that signs. */
export async function publicKey(): Promise<KeyObject> {
  const KeyId = world.deployment.outputs['evenkeel-hub']?.DigestKey;
  const { PublicKey } = await new KMS(asRoot).getPublicKey({ KeyId });
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
}

/** Has the machine look at something, which leaves one record or more without much ado; answers their keys. */
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
  return (await eye.settled(control.id, account, since)).records.map(({ key }) => key);
}

/** The keys of every record that lies in the vault. */
export async function recordKeys(): Promise<string[]> {
  const { Contents = [], IsTruncated } = await s3.listObjectsV2({ Bucket, Prefix: 'evidence/' });
  if (IsTruncated) throw new Error('The vault holds more than a test should make.');
  return Contents.flatMap(({ Key }) => Key ?? []);
}
