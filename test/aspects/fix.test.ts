import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Aspects, CfnParameter, CfnResource, Fn, Lazy, Stack, Stage } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ComplianceAspect } from '../../aspects/compliance-aspect.ts';
import { ControlAspect } from '../../aspects/control-aspect.ts';
import { controls } from '../../controls/index.ts';
import { bell, guests, house, lock } from '../evaluate/fixtures.ts';
import { door, newApp, propertiesOf, refusal } from './app.ts';

function fixed(build: (stack: Stack) => void, control = lock as Parameters<typeof add>[1]) {
  const app = newApp();
  const stack = new Stack(app, 'Shop');
  build(stack);
  add(app, control);
  return { app, stack };
}
const add = (app: ReturnType<typeof newApp>, control: ConstructorParameters<typeof ControlAspect>[0]) =>
  Aspects.of(app).add(new ControlAspect(control, 'fix'));

describe('fix', () => {
  it('changes only the properties that differ', () => {
    const { app } = fixed((stack) => door(stack, 'Front', { Locked: false, Sign: 'Hi' }));
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: true, Sign: 'Hi' });
  });

  it('replaces a list as a whole', () => {
    const list = [{ Name: 'Ann' }, { Name: 'anyone' }, { Name: 'Bob' }];
    const { app } = fixed(
      (stack) => new CfnResource(stack, 'Room', { type: guests.resource, properties: { Guests: list } }),
      guests,
    );
    expect(propertiesOf(app, 'Shop', 'Room')).toEqual({ Guests: [{ Name: 'Ann' }, { Name: 'Bob' }] });
  });

  it('overrides an earlier override', () => {
    const { app } = fixed((stack) => door(stack, 'Front').addPropertyOverride('Locked', false));
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: true });
  });

  it('replaces a condition if both values violate the control', () => {
    const { app } = fixed((stack) => {
      door(stack, 'Front', { Locked: Fn.conditionIf('Night', false, Fn.ref('AWS::NoValue')) });
    });
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: true });
  });

  it('does not change a value that is known only at deployment', () => {
    const { app } = fixed((stack) => {
      const free = new CfnParameter(stack, 'Free');
      door(stack, 'Front', { Locked: free.valueAsString });
    });
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: { Ref: 'Free' } });
  });

  it('fixes a parameter if none of its allowed values complies', () => {
    const { app } = fixed((stack) => {
      const no = new CfnParameter(stack, 'No', { allowedValues: ['false'] });
      door(stack, 'Front', { Locked: no.valueAsString });
    });
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: true });
  });

  it('changes the resource that has the property', () => {
    const { app } = fixed((stack) => {
      new CfnResource(stack, 'House', { type: house.resource });
      door(stack, 'Door', { House: { Ref: 'House' }, Locked: false });
    }, house);
    expect(propertiesOf(app, 'Shop', 'Door')).toEqual({ House: { Ref: 'House' }, Locked: true });
  });

  it('gives the reason if no resource has the property or a person must decide', () => {
    const nowhere = fixed((stack) => new CfnResource(stack, 'House', { type: house.resource }), house);
    expect(refusal(nowhere.app)).toContain('Not fixed here: no single resource');
    expect(refusal(fixed((stack) => door(stack, 'Front'), bell).app)).toContain('a person must decide');
  });

  it('gives the reason for a nested Stage, and fixes it if the Aspect is added there', () => {
    const app = newApp();
    const stage = new Stage(app, 'Prod');
    door(new Stack(stage, 'Shop'), 'Front');
    add(app, lock);
    expect(refusal(app)).toContain('add it to the Stage as well');
    Aspects.of(stage).add(new ControlAspect(lock, 'fix'));
    expect(refusal(newStage())).toBe('');
  });

  it('keeps the later changes of other Aspects', () => {
    const app = newApp();
    const stack = new Stack(app, 'Shop');
    let sign = 'early';
    door(stack, 'Front', { Unrelated: Lazy.string({ produce: () => sign }) });
    add(app, lock);
    Aspects.of(app).add({
      visit() {
        sign = 'late';
      },
    });
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: true, Unrelated: 'late' });
  });

  it('reports a fix that another Aspect reverts', () => {
    const { app, stack } = fixed((inner) => door(inner, 'Front'));
    Aspects.of(app).add(
      {
        visit(node) {
          if (node === stack.node.tryFindChild('Front')) (node as CfnResource).addPropertyOverride('Locked', false);
        },
      },
      { priority: 900 },
    );
    expect(refusal(app)).toContain('the resource was changed after this Aspect ran');
  });
});

function newStage() {
  const app = newApp();
  const stage = new Stage(app, 'Prod');
  door(new Stack(stage, 'Shop'), 'Front');
  Aspects.of(stage).add(new ControlAspect(lock, 'fix'));
  return app;
}

describe('the catalogue', () => {
  it('makes an app compliant', async () => {
    for (const control of controls.filter(({ repair, template }) => repair && Array.isArray(template))) {
      const { cases } = await import(`../cases/${control.id}.ts`);
      const app = newApp();
      const stack = new Stack(app, 'Shop');
      for (const [index, { state, parameters }] of cases.invalid.entries())
        if (!parameters) new CfnResource(stack, `Bad${index}`, { type: control.resource, properties: state });
      Aspects.of(app).add(new ComplianceAspect({ controls: [control], action: 'fix' }));
      expect(refusal(app)).toBe('');
    }
  });

  it('fixes L2 constructs, and keeps every statement of a policy', () => {
    const app = newApp();
    const stack = new Stack(app, 'Shop');
    new Bucket(stack, 'Tls', { enforceSSL: true });
    const plain = new Bucket(stack, 'Plain');
    plain.grantPublicAccess();
    Aspects.of(app).add(new ComplianceAspect({ action: 'fix' }));
    expect(refusal(app)).toBe('');
    const policy = stack.getLogicalId(plain.policy?.node.defaultChild as CfnResource); // a policy's default child is one
    const { Statement } = propertiesOf(app, 'Shop', policy).PolicyDocument;
    expect(Statement).toMatchObject([{ Effect: 'Allow', Action: 's3:GetObject' }, { Effect: 'Deny' }]);
  });
});
