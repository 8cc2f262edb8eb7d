import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Aspects, NestedStack, Stack, Tags } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { OwnerTags } from '../../aspects/owner-tags.ts';
import { door, newApp, refusal } from './app.ts';

function shop(aspect = new OwnerTags()) {
  const app = newApp();
  const stack = new Stack(app, 'Shop');
  Aspects.of(app).add(aspect);
  return { app, stack, bucket: new CfnBucket(stack, 'Invoices') };
}

describe('owner tags', () => {
  it('are reported if missing, with the fix', () => {
    const text = refusal(shop().app);
    expect(text).toContain('owner-tags: The tag "owner" is missing');
    expect(text).toContain('Shop/Invoices');
    expect(text).toContain("Tags.of(construct).add('owner'");
  });

  it.each([1, 200, 900])('can be set by an Aspect of any priority: %i', (priority) => {
    const { app, stack } = shop();
    Tags.of(stack).add('owner', 'shop-team', { priority });
    Aspects.of(stack).add(
      { visit: (node) => void (node instanceof CfnBucket && node.tags.setTag('x', 'y')) },
      { priority },
    );
    expect(refusal(app)).toBe('');
  });

  it('can be set on the stack, because CloudFormation applies them to resources and nested stacks', () => {
    const app = newApp();
    const stack = new Stack(app, 'Shop', { tags: { owner: 'shop-team' } });
    new CfnBucket(stack, 'Invoices');
    new CfnBucket(new NestedStack(stack, 'Cellar'), 'Wine');
    new CfnBucket(new Stack(app, 'Other'), 'Untold');
    Aspects.of(app).add(new OwnerTags());
    expect(refusal(app).match(/Shop\/\S+|Other\/\S+/g)).toEqual(['Other/Untold']);
  });

  it('must not be blank', () => {
    const { app, bucket } = shop();
    bucket.tags.setTag('owner', ' ');
    expect(refusal(app)).toContain('owner-tags');
  });

  it('can have another key', () => {
    const { app, stack } = shop(new OwnerTags('team'));
    Tags.of(stack).add('owner', 'shop-team');
    expect(refusal(app)).toContain('The tag "team" is missing');
  });

  it('are not required for a resource that does not support tags', () => {
    const { app, stack, bucket } = shop();
    bucket.tags.setTag('owner', 'shop-team');
    door(stack, 'Front');
    expect(refusal(app)).toBe('');
  });
});
