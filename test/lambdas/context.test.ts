import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { EffectivePolicy } from '../../lambdas/decision/effective-policy.ts';
import type { Execution } from '../../lambdas/store/executions.ts';
import type { Control } from '../../lib/model/control.ts';
import { lock } from '../evaluate/fixtures.ts';

const STACK = 'arn:aws:cloudformation:r:111111111111:stack/shop/1';
const ARN = 'arn:aws:toy:r:111111111111:door/front';

/** AWS as a test scripts it: which stack holds the door, from which template, and who has which tags. */
const aws = vi.hoisted(() => ({
  stack: undefined as string | undefined,
  template: {} as object,
  tags: {} as { [arn: string]: { [key: string]: string } },
  fails: undefined as string | undefined,
  asked: [] as (readonly string[])[],
}));

vi.mock('@aws-sdk/client-cloudformation', () => ({
  CloudFormation: class {
    async describeStackResources({ PhysicalResourceId }: { PhysicalResourceId: string }) {
      if (!aws.stack) throw Object.assign(new Error('No stack.'), { name: 'ValidationError' });
      const ResourceType = lock.resource;
      return {
        StackResources: [
          { StackName: 'shop', StackId: aws.stack, LogicalResourceId: 'Door', PhysicalResourceId, ResourceType },
        ],
      };
    }
    async getTemplate() {
      return { TemplateBody: JSON.stringify(aws.template) };
    }
  },
}));
vi.mock('@aws-sdk/client-resource-groups-tagging-api', () => ({
  ResourceGroupsTaggingAPI: class {
    async getResources({ ResourceARNList }: { ResourceARNList: string[] }) {
      aws.asked.push(ResourceARNList);
      if (aws.fails) throw Object.assign(new Error('No.'), { name: aws.fails });
      return {
        ResourceTagMappingList: ResourceARNList.filter((arn) => aws.tags[arn]).map((ResourceARN) => ({
          ResourceARN,
          Tags: Object.entries(aws.tags[ResourceARN] ?? {}).map(([Key, Value]) => ({ Key, Value })),
        })),
      };
    }
  },
}));

const { inContext } = await import('../../lambdas/decision/context.ts');

// A toy of the judge's tests has all of a control that is asked for here.
const control = { ...lock, arn: 'arn:{partition}:toy:{region}:{account}:door/{id}' } as unknown as Control;
const policy = (over: Partial<EffectivePolicy> = {}): EffectivePolicy => ({
  control,
  parameters: {},
  mode: 'auto',
  owner: { name: 'platform', from: 'config default' },
  ...over,
});
const target = { account: '111111111111', region: 'r', partition: 'aws', id: 'front' };
const execution = { execution: 'e', control: control.id, target } as Execution; // all that is asked for here
const scan = (over: Partial<EffectivePolicy> = {}, known: Partial<Execution> = {}) =>
  inContext({ ...execution, ...known }, { clients: {} as never, client: { region: 'r' } }, policy(over), 'owner');

beforeEach(() => {
  const Metadata = { Evenkeel: { repository: 'https://git.example/shop', commit: 'abcdef1' } };
  const Resources = { Door: { Type: lock.resource, Properties: { Locked: true } } };
  Object.assign(aws, { stack: STACK, template: { Metadata, Resources }, tags: {}, fails: undefined, asked: [] });
});

describe('the context of a resource', () => {
  it('asks for the tags of the resource and its stack at once', async () => {
    aws.tags = { [ARN]: { owner: 'resource-team' }, [STACK]: { owner: 'stack-team' } };
    const { context, maxMode } = await scan();
    expect(aws.asked).toEqual([[ARN, STACK]]);
    expect(maxMode).toBeUndefined();
    expect(context).toEqual({
      owner: { name: 'stack-team', from: 'stack tag' },
      origin: 'drift',
      templateSource: { stack: 'shop', logicalId: 'Door', repository: 'https://git.example/shop', commit: 'abcdef1' },
      because: undefined,
    });
  });

  it('tells what is wrong with the template, and where that is', async () => {
    aws.template = { Resources: { Door: { Type: lock.resource } } };
    expect((await scan()).context).toMatchObject({
      origin: 'template',
      templateSource: {
        stack: 'shop',
        logicalId: 'Door',
        patch: [{ op: 'add', path: '/Resources/Door/Properties', value: { Locked: true } }],
      },
    });
  });

  it('knows what no stack holds, by its own tags', async () => {
    aws.stack = undefined;
    aws.tags = { [ARN]: { owner: 'resource-team' } };
    const { context } = await scan();
    expect(aws.asked).toEqual([[ARN]]);
    expect(context).toMatchObject({ owner: { name: 'resource-team', from: 'resource tag' }, origin: 'unmanaged' });
  });

  it.each([[undefined], ['arn:{partition}:toy::{account}:user/*{id}']])(
    'asks for no tags of a resource whose ARN cannot be spelt: %s',
    async (arn) => {
      aws.stack = undefined;
      expect((await scan({ control: { ...control, arn } as Control })).context.owner.from).toBe('config default');
      expect(aws.asked).toEqual([]);
    },
  );
});

describe("a resource's tag", () => {
  it('asks for people, beside an older ceiling and never above it', async () => {
    aws.tags = { [ARN]: { 'evenkeel:mode': 'approve' } };
    expect(await scan()).toMatchObject({
      maxMode: 'approve',
      context: { because: [{ code: 'tag-requires-approval', tag: 'evenkeel:mode' }] },
    });
    expect(await scan({}, { maxMode: 'observe' })).toMatchObject({ maxMode: 'observe' });
  });

  it.each(['observe', 'off', 'auto'])('exempts nobody by "%s"', async (value) => {
    aws.tags = { [ARN]: { 'evenkeel:mode': value } };
    const { maxMode, context } = await scan();
    expect(maxMode).toBeUndefined();
    expect(context.because).toMatchObject([{ code: 'tag-ignored' }]);
  });

  it('asks for people where nobody may read it', async () => {
    aws.fails = 'AccessDeniedException';
    const { maxMode, context } = await scan();
    expect(maxMode).toBe('approve');
    expect(context.because).toEqual([{ code: 'tags-unreadable', role: 'evenkeel-observer' }]);
  });

  it('cannot be on what the tagging service does not know', async () => {
    aws.fails = 'InvalidParameterException';
    expect((await scan()).maxMode).toBeUndefined();
  });

  it.each(['ThrottledException', 'InternalServiceException', 'TimeoutError'])(
    'is waited for, for %s passes',
    async (name) => {
      aws.fails = name;
      await expect(scan()).rejects.toThrow(expect.objectContaining({ name }));
    },
  );
});
