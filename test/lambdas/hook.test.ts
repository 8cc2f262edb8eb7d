import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { changeSetPayload, changeSetRequest, resourceRequest, stackPayload, stackRequest } from './hook-events.ts';
import { ask, changeSet, doorRequest, doors, inStack, stack, TOKEN } from './hook-script.ts';
import { served } from './hook-server.ts';

describe('the examples of AWS', () => {
  it('pass for a resource without a control, also without a token', async () => {
    const answer = await ask(resourceRequest, { by: controls });
    expect(answer).toEqual({ hookStatus: 'SUCCESS', message: 'Evenkeel: 0 compliant.' });
  });

  it('of a stack evaluate the new template with the controls that need the whole template', async () => {
    const { requestData } = stackRequest;
    const event = { ...stackRequest, requestData: { ...requestData, payload: served(stackPayload) } };
    const answer = await ask(event, { by: controls });
    expect(answer).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant', clientRequestToken: TOKEN });
    expect(answer.message).toContain('S3Bucket: The bucket has no policy');
    expect(answer.annotations?.map(({ annotationName }) => annotationName)).toEqual(['s3-require-tls']);
  });

  it('of a change set evaluate the whole template, also in YAML', async () => {
    const { requestData } = changeSetRequest;
    const event = { ...changeSetRequest, requestData: { ...requestData, payload: served(changeSetPayload) } };
    expect(await ask(event, { by: controls })).toEqual({
      hookStatus: 'SUCCESS',
      message: 'Evenkeel: 1 compliant.',
      clientRequestToken: TOKEN,
    });
  });

  it('are accepted in the spelling of the syntax and of the examples', async () => {
    const { clientRequestToken: clientRequesttoken, stackId: stackID, ...event } = stack(doors('Front'), 'CDKToolkit');
    const answer = await ask({ ...event, clientRequesttoken, stackID });
    expect(answer).toMatchObject({ hookStatus: 'SUCCESS', clientRequestToken: TOKEN });
    expect(answer.message).toContain('CDKToolkit is not evaluated');
  });
});

describe('each control runs at one point', () => {
  it('evaluates properties at the resource, with the values that CloudFormation resolved', async () => {
    const refused = await ask(doorRequest({ Locked: false }));
    expect(refused).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
    expect(refused.message).toBe(
      [
        'Evenkeel: 1 violation, 0 compliant.',
        'low  Front: The door is not locked.  lock',
        '    fix: set Properties.Locked to true (was false)',
      ].join('\n'),
    );
    expect(await ask(doorRequest({ Locked: 'true' }))).toMatchObject({ hookStatus: 'SUCCESS' });
  });

  it('evaluates a state of several resources with the template, which has the other resources', async () => {
    const guarded = {
      Resources: { ...doors('Front').Resources, Man: { Type: 'Toy::Man', Properties: { Guards: 'Front' } } },
    };
    expect(await ask(stack(guarded))).toMatchObject({ hookStatus: 'SUCCESS' });
    const answer = await ask(stack(doors('Front')));
    expect(answer.annotations?.map(({ annotationName }) => annotationName)).toEqual(['guard']);
  });

  it('evaluates both for a change set, and only the changed properties', async () => {
    const template = doors('Front', 'Back', 'Cellar');
    const answer = await ask(
      changeSet(template, [
        { action: 'CREATE', logicalResourceId: 'Front' },
        { action: 'DELETE', logicalResourceId: 'Back' },
      ]),
    );
    expect(answer.annotations?.map((one) => `${one.annotationName} ${one.statusMessage.split(':')[0]}`)).toEqual([
      'guard Front',
      'guard Back',
      'guard Cellar',
      'lock Front',
    ]);
  });

  it('evaluates no control that is off in the account', async () => {
    expect(await ask(doorRequest({}), { policy: { off: ['lock'] } })).toMatchObject({ hookStatus: 'SUCCESS' });
  });
});

describe('the hook does not evaluate', () => {
  it('deletions of resources and stacks', async () => {
    const gone = { actionInvocationPoint: 'DELETE_PRE_PROVISION' };
    expect(await ask({ ...doorRequest({}), ...gone })).toMatchObject({
      hookStatus: 'SUCCESS',
      clientRequestToken: TOKEN,
    });
    expect(await ask({ ...stack(doors('Front')), ...gone })).toMatchObject({ hookStatus: 'SUCCESS' });
  });

  it.each(['CDKToolkit', 'evenkeel-region'])('the stack %s, but stacks with a longer name', async (name) => {
    expect(await ask({ ...doorRequest({}), ...inStack(name) })).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask(stack(doors('Front'), name))).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask({ ...doorRequest({}), ...inStack(`${name}-2`) })).toMatchObject({ hookStatus: 'FAILED' });
  });

  it('a secret that CloudFormation does not resolve, and passes with a message', async () => {
    const answer = await ask(doorRequest({ Locked: '{{resolve:secretsmanager:door:SecretString:locked}}' }));
    expect(answer).toMatchObject({ hookStatus: 'SUCCESS', annotations: [{ status: 'SKIPPED' }] });
    expect(answer.message).toContain('unknown  Front: Locked is a deploy-time value; checked after deployment');
  });

  it('a template that a macro may rewrite', async () => {
    const answer = await ask(stack({ Transform: ['Mine'], ...doors('Front') }));
    expect(answer).toMatchObject({
      hookStatus: 'SUCCESS',
      annotations: [{ annotationName: 'guard', status: 'SKIPPED' }],
    });
    expect(answer.message).toContain('No violation is certain: the macro "Mine"');
  });
});
