import { randomUUID } from 'node:crypto';
import { type Answer, jsonAnswer, outputOf } from './answer.ts';
import type { GatewayContext } from './handle.ts';
import { list, parseJson, record, text } from './values.ts';
import type { Call } from './wire.ts';

type Places = Pick<GatewayContext, 'upstream' | 'models' | 'ministack' | 'moto'>;

const serviceOf = (arn: string) => arn.split(':')[2] ?? '';
const IN_MOTO = ['ec2', 'rds'];

/** Answers `GetResources` by ARN: each emulator knows the tags of its own services alone, and neither those of stacks. */
export async function answerTags(places: Places, account: string, call: Call): Promise<Answer> {
  const arns = list(call.params.ResourceARNList).flatMap((arn) => text(arn) ?? []);
  const stacks = arns.filter((arn) => serviceOf(arn) === 'cloudformation');
  const inMoto = arns.filter((arn) => IN_MOTO.includes(serviceOf(arn)));
  const others = arns.filter((arn) => !stacks.includes(arn) && !inMoto.includes(arn));
  const found = await Promise.all([
    tagged(places, places.moto(), account, call, inMoto),
    tagged(places, places.ministack(), account, call, others),
    ...stacks.map((arn) => taggedStack(places, account, call, arn)),
  ]);
  return jsonAnswer(200, { PaginationToken: '', ResourceTagMappingList: found.flat() }, randomUUID());
}

async function tagged({ upstream }: Places, to: URL, account: string, { region }: Call, arns: readonly string[]) {
  if (arns.length === 0) return [];
  const { body } = await upstream.asRoot({
    account,
    region,
    scope: 'tagging',
    to,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'ResourceGroupsTaggingAPI_20170126.GetResources',
    },
    body: JSON.stringify({ ResourceARNList: arns }),
  });
  return list(record(parseJson(body)).ResourceTagMappingList);
}

async function taggedStack({ upstream, models }: Places, account: string, { region, ...call }: Call, arn: string) {
  const model = models('cloudformation');
  const operation = model?.operations.DescribeStacks;
  if (!model || !operation) throw new Error('There is no model of DescribeStacks; run: node sandbox/setup.mjs');
  const answer = await upstream.asRoot({
    account,
    region,
    scope: 'cloudformation',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new URLSearchParams({ Action: 'DescribeStacks', Version: model.version, StackName: arn }).toString(),
  });
  const { Stacks } = outputOf({ ...call, region, model, operation, protocol: 'query' }, answer);
  return list(Stacks).map((stack) => ({ ResourceARN: arn, Tags: list(record(stack).Tags) }));
}
