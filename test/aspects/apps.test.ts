import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { BlockPublicAccess, Bucket, CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import {
  App,
  AspectPriority,
  Aspects,
  CfnParameter,
  CfnResource,
  type IAspect,
  LegacyStackSynthesizer,
  NestedStack,
  Stack,
  Stage,
  Token,
} from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { ComplianceAspect } from '../../aspects/compliance-aspect.ts';
import { ControlAspect } from '../../aspects/control-aspect.ts';
import { ec2RestrictIngress } from '../../controls/ec2/ec2-restrict-ingress.ts';
import { s3BlockPublicAccess } from '../../controls/s3/s3-block-public-access.ts';
import { s3RequireTls } from '../../controls/s3/s3-require-tls.ts';
import { bell, house, lock } from '../evaluate/fixtures.ts';
import { door, found, newApp, refusal } from './app.ts';

const FIXTURES = 'test/aspects/fixtures/include';
const open = { Locked: false };
const guard = (scope: IConstruct, action: 'warn' | 'fail' | 'fix' = 'fail', control = lock) =>
  Aspects.of(scope).add(new ControlAspect(control, action));
const included = (stack: Stack) =>
  new CfnInclude(stack, 'Old', {
    templateFile: `${FIXTURES}/outer.yaml`,
    loadNestedStacks: { Child: { templateFile: `${FIXTURES}/inner.yaml` } },
  });

const addsLate = (stack: Stack): IAspect => ({
  visit: (node) => void (node === stack && !stack.node.tryFindChild('Late') && door(stack, 'Late', open)),
});

interface Row {
  readonly name: string;
  build(app: App): void;
  /** All findings, as severity, rule and construct path. */
  readonly finds: readonly string[];
}

const rows: readonly Row[] = [
  {
    name: 'nested stacks in nested stacks',
    build(app) {
      const cellar = new NestedStack(new NestedStack(new Stack(app, 'Shop'), 'Cellar'), 'Deeper');
      door(cellar, 'Hatch', open);
      guard(app);
    },
    finds: ['error lock Shop/Cellar/Deeper/Hatch'],
  },
  {
    name: 'Stages in Stages, from above',
    build(app) {
      const stage = new Stage(new Stage(app, 'Europe'), 'Prod');
      door(new NestedStack(new Stack(stage, 'Shop'), 'Cellar'), 'Hatch', open);
      guard(app);
    },
    finds: ['error lock Europe/Prod/Shop/Cellar/Hatch'],
  },
  {
    name: 'an inner Stage alone',
    build(app) {
      const outer = new Stage(app, 'Europe');
      const inner = new Stage(outer, 'Prod');
      door(new Stack(outer, 'Shop'), 'Front', open);
      door(new Stack(inner, 'Shop'), 'Front', open);
      guard(inner);
    },
    finds: ['error lock Europe/Prod/Shop/Front'],
  },
  {
    name: 'a Stage that was synthesized before the App',
    build(app) {
      const stage = new Stage(app, 'Prod');
      door(new Stack(stage, 'Shop'), 'Front', open);
      guard(stage);
      stage.synth();
    },
    finds: ['error lock Prod/Shop/Front'],
  },
  {
    name: 'a fix in an inner Stage, by an Aspect there',
    build(app) {
      const inner = new Stage(new Stage(app, 'Europe'), 'Prod');
      door(new NestedStack(new Stack(inner, 'Shop'), 'Cellar'), 'Hatch', open);
      guard(app, 'fail');
      guard(inner, 'fix');
    },
    finds: [],
  },
  {
    name: 'one construct only, and not one with a longer name',
    build(app) {
      const stack = new Stack(app, 'Shop');
      for (const id of ['Front', 'Front2']) door(stack, id, open);
      guard(stack.node.findChild('Front'));
    },
    finds: ['error lock Shop/Front'],
  },
  {
    name: 'an L2 construct only, by a control that also reads other resources',
    build(app) {
      const stack = new Stack(app, 'Shop');
      const [mine] = ['Mine', 'Theirs', 'Safe'].map((id) => new Bucket(stack, id));
      const safe = new Bucket(stack, 'SafeToo', { enforceSSL: true });
      for (const bucket of [mine, safe]) if (bucket) Aspects.of(bucket).add(new ControlAspect(s3RequireTls, 'warn'));
    },
    finds: ['warning s3-require-tls Shop/Mine/Resource'],
  },
  {
    name: 'several Aspects: other controls, actions and scopes on one tree',
    build(app) {
      const shop = new Stack(app, 'Shop');
      const lab = new Stack(app, 'Lab');
      for (const stack of [shop, lab]) {
        door(stack, 'Front', open);
        new CfnResource(stack, 'House', { type: house.resource });
      }
      guard(app, 'warn');
      guard(shop, 'fail');
      guard(shop, 'warn', bell);
      guard(lab.node.findChild('House'), 'fail', house);
    },
    finds: ['error house Lab/House', 'error lock Shop/Front', 'warning bell Shop/Front', 'warning lock Lab/Front'],
  },
  {
    name: 'a warning above and a fix below: only the lower construct is fixed',
    build(app) {
      const shop = new Stack(app, 'Shop');
      door(shop, 'Front', open);
      door(new Stack(app, 'Lab'), 'Front', open);
      guard(app, 'warn');
      guard(shop, 'fix');
    },
    finds: ['warning lock Lab/Front'],
  },
  {
    name: 'one Aspect object at two places, and twice at one',
    build(app) {
      const [one, other] = ['One', 'Other', 'Third'].map((id) => new Stack(app, id));
      const aspect = new ControlAspect(lock);
      for (const stack of [one, other, other])
        if (stack) {
          door(stack, `Door${stack.node.children.length}`, open);
          Aspects.of(stack).add(aspect);
        }
    },
    finds: ['error lock One/Door0', 'error lock Other/Door0', 'error lock Other/Door1'],
  },
  {
    name: 'CfnInclude, its nested stacks and its parameters',
    build(app) {
      included(new Stack(app, 'Shop'));
      guard(app);
    },
    finds: ['error lock Shop/Old/Child/Child/Hatch', 'error lock Shop/Old/Front', 'info lock Shop/Old/Side'],
  },
  {
    name: 'a fix in CfnInclude: all but the values that are known only at deployment',
    build(app) {
      included(new Stack(app, 'Shop'));
      guard(app, 'fix');
    },
    finds: ['info lock Shop/Old/Side'],
  },
  {
    name: 'escape hatches: overrides of properties, of all of them, of the type and of the id',
    build(app) {
      const stack = new Stack(app, 'Shop');
      door(stack, 'Opened', { Locked: true }).addPropertyOverride('Locked', false);
      door(stack, 'Closed', open).addPropertyOverride('Locked', true);
      door(stack, 'Gone', { Locked: true }).addPropertyDeletionOverride('Locked');
      door(stack, 'All', { Locked: true }).addOverride('Properties', { Locked: false });
      new CfnResource(stack, 'Became', { type: 'Toy::House::Wall' }).addOverride('Type', lock.resource);
      door(stack, 'Was', open).addOverride('Type', 'Toy::House::Wall');
      door(stack, 'Renamed', open).overrideLogicalId('Another');
      guard(app);
    },
    finds: ['All', 'Became', 'Gone', 'Opened', 'Renamed'].map((id) => `error lock Shop/${id}`),
  },
  {
    name: 'tokens with and without a plain value',
    build(app) {
      const stack = new Stack(app, 'Shop');
      door(stack, 'Lazy', { Locked: Token.asAny({ resolve: () => false }) });
      door(stack, 'Parameter', { Locked: new CfnParameter(stack, 'Free').valueAsString });
      guard(app);
    },
    finds: ['error lock Shop/Lazy', 'info lock Shop/Parameter'],
  },
  {
    name: 'a value from another stack, which is an import in the template',
    build(app) {
      const other = door(new Stack(app, 'Other'), 'Front', { Locked: true });
      door(new Stack(app, 'Shop'), 'Front', { Locked: other.getAtt('Locked') });
      guard(app);
    },
    finds: ['info lock Shop/Front'],
  },
  {
    name: 'another synthesizer',
    build(app) {
      door(new Stack(app, 'Shop', { synthesizer: new LegacyStackSynthesizer() }), 'Front', open);
      guard(app);
    },
    finds: ['error lock Shop/Front'],
  },
  {
    name: 'constructs that another Aspect adds while Aspects run',
    build(app) {
      const stack = new Stack(app, 'Shop');
      guard(app);
      Aspects.of(app).add(addsLate(stack));
    },
    finds: ['error lock Shop/Late'],
  },
  {
    name: 'context values that are not looked up yet',
    build(app) {
      const stack = new Stack(app, 'Shop', { env: { account: '111111111111', region: 'eu-west-1' } });
      door(stack, 'Front', { Locked: stack.availabilityZones.length === 0 });
      guard(app);
    },
    finds: ['error lock Shop/Front'],
  },
];

describe('an app of any shape', () => {
  it.each(rows)('$name', ({ build, finds }) => {
    const app = newApp();
    build(app);
    expect(found(app)).toEqual([...finds].sort());
    expect(refusal(app) === '').toBe(!finds.some((each) => each.startsWith('error')));
  });
});

describe('an app that is synthesized twice', () => {
  it.each([false, true])('has the same findings again, with force: %s', (force) => {
    const app = newApp();
    door(new Stack(new Stage(app, 'Prod'), 'Shop'), 'Front', open);
    door(new Stack(app, 'Shop'), 'Front', open);
    guard(app);
    const first = found(app);
    try {
      app.synth({ force });
    } catch {}
    expect(found(app)).toEqual(first);
    expect(first).toHaveLength(2);
  });
});

it('works with Aspects that CDK repeats until nothing changes', () => {
  const app = new App({ context: { '@aws-cdk/core:aspectStabilization': true } });
  const stack = new Stack(app, 'Shop');
  door(stack, 'Front', open);
  Aspects.of(app).add(new ControlAspect(lock, 'fix'), { priority: AspectPriority.MUTATING });
  Aspects.of(app).add(addsLate(stack), { priority: AspectPriority.MUTATING });
  expect(found(app)).toEqual([]);
});

it('finds a public bucket in every way in which CDK can declare it', () => {
  const app = newApp();
  const stack = new Stack(app, 'Shop');
  new Bucket(stack, 'Plain');
  new Bucket(stack, 'Acls', { blockPublicAccess: BlockPublicAccess.BLOCK_ACLS_ONLY });
  new Bucket(stack, 'All', { blockPublicAccess: BlockPublicAccess.BLOCK_ALL });
  new CfnBucket(stack, 'Raw', { publicAccessBlockConfiguration: { blockPublicAcls: true } });
  new CfnBucketPolicy(stack, 'Unrelated', { bucket: 'elsewhere', policyDocument: {} });
  Aspects.of(app).add(new ComplianceAspect({ controls: [s3BlockPublicAccess] }));
  expect(found(app)).toEqual(
    ['Acls/Resource', 'Plain/Resource', 'Raw'].map((id) => `error s3-block-public-access Shop/${id}`),
  );
});

it('finds an open port in an imported group, and gives the reason why it is not fixed', () => {
  const app = newApp();
  const stack = new Stack(app, 'Shop');
  SecurityGroup.fromSecurityGroupId(stack, 'Theirs', 'sg-0123').addIngressRule(Peer.anyIpv4(), Port.tcp(22));
  Aspects.of(app).add(new ControlAspect(ec2RestrictIngress, 'fix'));
  expect(found(app)).toEqual(['error ec2-restrict-ingress Shop/Theirs/from 0.0.0.0_0:22']);
  expect(refusal(app)).toContain('Not fixed here: no single resource of the template has these properties');
});
