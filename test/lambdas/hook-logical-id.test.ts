import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isMadeOf } from '../../lambdas/hook/logical-id.ts';

/** A resource below constructs of these names. */
function below(stack: Stack, names: readonly string[]): CfnResource {
  const scope = names.slice(0, -1).reduce<Construct>((parent, name) => new Construct(parent, name), stack);
  return new CfnResource(scope, names.at(-1) ?? '', { type: 'Toy::House::Door' });
}

const idOf = (resource: CfnResource): string => resource.stack.resolve(resource.logicalId);
const withoutLast = (path: string) => path.split('/').slice(0, -1).join('/');

const name = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,40}$/),
  fc.constantFrom('Resource', 'Default', 'Bucket', 'MyBucket', 'x'.repeat(120)),
);

it('matches the logical id that CDK derives from a path, also by the path of the construct', () => {
  fc.assert(
    fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), fc.boolean(), fc.boolean(), (names, staged, named) => {
      fc.pre(names.some((part) => part !== 'Default') && /[A-Za-z0-9]/.test(names.join('')));
      const app = new App();
      const props = named ? { stackName: 'a-name' } : {};
      // The name of a stack in a Stage does not show the Stage if the stack has its own name.
      const stack = new Stack(staged && !named ? new Stage(app, 'Prod') : app, 'Shop', props);
      const resource = below(stack, names);
      const { path } = resource.node;
      expect(isMadeOf(idOf(resource), path, stack.stackName)).toBe(true);
      if (names.length > 1 && ['Resource', 'Default'].includes(names.at(-1) ?? ''))
        expect(isMadeOf(idOf(resource), withoutLast(path), stack.stackName)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

it.each([
  ['the stack', 'Shop'],
  ['another construct', 'Shop/Other'],
  ['a path that contains parts of it', 'Shop/Deep/Bucket'],
  ['a beginning', 'Shop/Buck'],
])('does not match %s', (_, path) => {
  const resource = below(new Stack(new App(), 'Shop'), ['Bucket', 'Resource']);
  expect(resource.node.path).toBe('Shop/Bucket/Resource');
  expect(isMadeOf(idOf(resource), 'Shop/Bucket', 'Shop')).toBe(true);
  expect(isMadeOf(idOf(resource), path, 'Shop')).toBe(false);
});
