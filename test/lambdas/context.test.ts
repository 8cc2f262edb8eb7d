import { beforeEach, describe, expect, it } from 'vitest';
import type { EffectivePolicy } from '../../lambdas/decision/effective-policy.ts';
import type { ExecutionRow } from '../../lambdas/store/execution-row.ts';
import type { Control } from '../../lib/model/control.ts';
import { lock } from '../evaluate/fixtures.ts';
import { awsError, failWith } from './fake-aws.ts';
import { hub } from './hub.ts';

const { inContext } = await import('../../lambdas/decision/context.ts');
const { fromRow } = await import('../../lambdas/store/execution-row.ts');

const STACK = 'arn:aws:cloudformation:r:111111111111:stack/shop/1';
const ARN = 'arn:aws:toy:r:111111111111:door/front';

/** AWS as a test scripts it: the stack and the template of the door, and the tags by ARN. */
const aws = {
  stack: undefined as string | undefined,
  template: {} as object,
  tags: {} as { [arn: string]: { [key: string]: string } },
};

const control = { ...lock, arn: 'arn:{partition}:toy:{region}:{account}:door/{id}' } as unknown as Control; // a toy has all that is read here
const policy = (over: Partial<EffectivePolicy> = {}): EffectivePolicy => ({
  control,
  parameters: {},
  mode: 'auto',
  owner: { name: 'platform', from: 'config default' },
  ...over,
});
const target = { account: '111111111111', region: 'r', partition: 'aws', id: 'front' };
async function find(over: Partial<EffectivePolicy> = {}, known: Partial<ExecutionRow> = {}) {
  const execution = fromRow({ execution: 'e', control: control.id, target, ...known });
  const session = { clients: {} as never, client: { region: 'r' } }; // which no control of the test uses
  return (await inContext(execution, session, policy(over), 'owner')).progress;
}
const asked = () =>
  hub.inputs<{ readonly ResourceARNList: string[] }>('GetResources').map((one) => one.ResourceARNList);

beforeEach(() => {
  const Metadata = { Evenkeel: { repository: 'https://git.example/shop', commit: 'abcdef1' } };
  const Resources = { Door: { Type: lock.resource, Properties: { Locked: true } } };
  Object.assign(aws, { stack: STACK, template: { Metadata, Resources }, tags: {} });
  hub.on('DescribeStackResources', ({ PhysicalResourceId }: { readonly PhysicalResourceId: string }) => {
    if (!aws.stack) throw awsError('ValidationError');
    const found = { StackName: 'shop', StackId: aws.stack, LogicalResourceId: 'Door', ResourceType: lock.resource };
    return { StackResources: [{ ...found, PhysicalResourceId }] };
  });
  hub.on('GetTemplate', () => ({ TemplateBody: JSON.stringify(aws.template) }));
  hub.on('GetResources', ({ ResourceARNList }: { readonly ResourceARNList: string[] }) => ({
    ResourceTagMappingList: ResourceARNList.filter((arn) => aws.tags[arn]).map((ResourceARN) => ({
      ResourceARN,
      Tags: Object.entries(aws.tags[ResourceARN] ?? {}).map(([Key, Value]) => ({ Key, Value })),
    })),
  }));
});

describe('the context of a resource', () => {
  it('requests the tags of the resource and its stack in one call', async () => {
    aws.tags = { [ARN]: { owner: 'resource-team' }, [STACK]: { owner: 'stack-team' } };
    const { context, maxMode } = await find();
    expect(asked()).toEqual([[ARN, STACK]]);
    expect(maxMode).toBeUndefined();
    expect(context).toEqual({
      owner: { name: 'stack-team', from: 'stack tag' },
      origin: 'drift',
      templateSource: { stack: 'shop', logicalId: 'Door', repository: 'https://git.example/shop', commit: 'abcdef1' },
      because: undefined,
    });
  });

  it('holds the fix of a template in violation, and its place', async () => {
    aws.template = { Resources: { Door: { Type: lock.resource } } };
    expect((await find()).context).toMatchObject({
      origin: 'template',
      templateSource: {
        stack: 'shop',
        logicalId: 'Door',
        patch: [{ op: 'add', path: '/Resources/Door/Properties', value: { Locked: true } }],
      },
    });
  });

  it('names the owner of a resource outside stacks by its own tags', async () => {
    aws.stack = undefined;
    aws.tags = { [ARN]: { owner: 'resource-team' } };
    const { context } = await find();
    expect(asked()).toEqual([[ARN]]);
    expect(context).toMatchObject({ owner: { name: 'resource-team', from: 'resource tag' }, origin: 'unmanaged' });
  });

  it.each([[undefined], ['arn:{partition}:toy::{account}:user/*{id}']])(
    'requests no tags of a resource whose ARN is unknown: %s',
    async (arn) => {
      aws.stack = undefined;
      expect((await find({ control: { ...control, arn } as Control })).context.owner.from).toBe('config default');
      expect(asked()).toEqual([]);
    },
  );
});

describe("a resource's tag", () => {
  it('can require approval, and never raises a lower mode', async () => {
    aws.tags = { [ARN]: { 'evenkeel:mode': 'approve' } };
    expect(await find()).toMatchObject({
      maxMode: 'approve',
      context: { because: [{ code: 'tag-requires-approval', tag: 'evenkeel:mode' }] },
    });
    expect(await find({}, { maxMode: 'observe' })).toMatchObject({ maxMode: 'observe' });
  });

  it.each(['observe', 'off', 'auto'])('is ignored with the value "%s"', async (value) => {
    aws.tags = { [ARN]: { 'evenkeel:mode': value } };
    const { maxMode, context } = await find();
    expect(maxMode).toBeUndefined();
    expect(context.because).toEqual([{ code: 'tag-ignored', tag: 'evenkeel:mode', value }]);
  });

  it('that cannot be read requires approval', async () => {
    hub.on('GetResources', failWith('AccessDeniedException'));
    const { maxMode, context } = await find();
    expect(maxMode).toBe('approve');
    expect(context.because).toEqual([{ code: 'tags-unreadable', role: 'evenkeel-observer' }]);
  });

  it('does not exist on a resource that the tagging service does not support', async () => {
    hub.on('GetResources', failWith('InvalidParameterException'));
    expect((await find()).maxMode).toBeUndefined();
  });

  it.each(['ThrottledException', 'InternalServiceException', 'TimeoutError'])(
    'is read again by a retry after %s',
    async (name) => {
      hub.on('GetResources', failWith(name));
      await expect(find()).rejects.toThrow(expect.objectContaining({ name }));
    },
  );
});
