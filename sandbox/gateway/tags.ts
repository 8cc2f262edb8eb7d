import { randomUUID } from 'node:crypto';
import { jsonAnswer, outputOf } from './answer.ts';
import type { Models } from './models.ts';
import type { Router } from './routes.ts';
import type { Answer, Call } from './types.ts';
import type { Upstream } from './upstream.ts';
import { list, parseJson, record, text } from './values.ts';

/** The sources of tags. */
interface TagSources {
  readonly upstream: Upstream;
  readonly models: Models;
  readonly route: Router;
  ministack(): URL;
  moto(): URL;
}

const serviceOf = (arn: string) => arn.split(':')[2] ?? '';

/** Answers `GetResources` by ARN. Each emulator knows the tags of its own services, and neither those of stacks. */
export async function answerTags(sources: TagSources, account: string, call: Call): Promise<Answer> {
  const arns = list(call.params.ResourceARNList).flatMap((arn) => text(arn) ?? []);
  const stacks = arns.filter((arn) => serviceOf(arn) === 'cloudformation');
  const inMoto = arns.filter((arn) => sources.route(serviceOf(arn)) === 'moto');
  const others = arns.filter((arn) => !stacks.includes(arn) && !inMoto.includes(arn));
  const found = await Promise.all([
    tagged(sources, sources.moto(), account, call, inMoto),
    tagged(sources, sources.ministack(), account, call, others),
    ...stacks.map((arn) => taggedStack(sources, account, call, arn)),
  ]);
  return jsonAnswer(200, { PaginationToken: '', ResourceTagMappingList: found.flat() }, randomUUID());
}

async function tagged({ upstream }: TagSources, to: URL, account: string, { region }: Call, arns: readonly string[]) {
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

async function taggedStack({ upstream, models }: TagSources, account: string, { region, ...call }: Call, arn: string) {
  const model = models('cloudformation');
  const operation = model?.operations.DescribeStacks;
  if (!model || !operation) throw new Error('DescribeStacks has no model. Run: node sandbox/setup.mjs');
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
