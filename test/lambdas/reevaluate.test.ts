import type { ConfigService } from '@aws-sdk/client-config-service';
import { beforeEach, expect, it } from 'vitest';
import { awsError } from './fake-aws.ts';
import { hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';

const [READY, BUSY, CLOSED] = ['222222222222', '333333333333', '444444444444'];
const asked: string[] = [];

const message = (messageId: string, body: string) => ({ messageId, body });
const repaired = (messageId: string, one: string | undefined) =>
  message(messageId, JSON.stringify({ detail: { control: 'rules', target: { account: one, region: 'eu-west-1' } } }));
/** Handles messages, and returns the ones that are delivered again. */
async function failed(...Records: object[]): Promise<string[]> {
  const { batchItemFailures } = await hub.invoke('reevaluate', { Records } as never); // as far as they are read
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

beforeEach(() => {
  hub.deploy(new LiveResources().control());
  asked.length = 0;
  // The access key names the account, so that a call shows whose session made it.
  hub.on('AssumeRole', ({ RoleArn }: { readonly RoleArn: string }) => {
    const account = RoleArn.split(':')[4];
    if (account === CLOSED) throw awsError('AccessDenied');
    return { Credentials: { AccessKeyId: account, SecretAccessKey: 'secret', SessionToken: 'token' } };
  });
  hub.on(
    'StartConfigRulesEvaluation',
    async ({ ConfigRuleNames }: { readonly ConfigRuleNames: string[] }, _, client) => {
      const { accessKeyId } = await (client as ConfigService).config.credentials(); // no other client makes the call
      if (accessKeyId === BUSY) throw awsError('LimitExceededException');
      asked.push(`${accessKeyId} ${ConfigRuleNames}`);
    },
  );
});

it('makes one call for all repairs in a place', async () => {
  await expect(failed(repaired('1', READY), repaired('2', READY))).resolves.toEqual([]);
  expect(asked).toEqual([`${READY} evenkeel-rules`]);
});

it('retries only what failed: calls that came too often, closed accounts, and messages that cannot be read', async () => {
  const odd = [message('4', '{}'), message('5', 'not JSON')];
  await expect(failed(repaired('1', READY), repaired('2', BUSY), repaired('3', CLOSED), ...odd)).resolves.toEqual([
    '2',
    '3',
    '4',
    '5',
  ]);
  expect(asked).toEqual([`${READY} evenkeel-rules`]);
});
