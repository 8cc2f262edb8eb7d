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
  it('writes the difference, and leaves the rest', () => {
    const { app } = fixed((stack) => door(stack, 'Front', { Locked: false, Sign: 'Hi' }));
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: true, Sign: 'Hi' });
  });

  it('writes lists as a whole', () => {
    const list = [{ Name: 'Ann' }, { Name: 'anyone' }, { Name: 'Bob' }];
    const { app } = fixed(
      (stack) => new CfnResource(stack, 'Room', { type: guests.resource, properties: { Guests: list } }),
      guests,
    );
    expect(propertiesOf(app, 'Shop', 'Room')).toEqual({ Guests: [{ Name: 'Ann' }, { Name: 'Bob' }] });
  });

  it('wins over an earlier override', () => {
    const { app } = fixed((stack) => door(stack, 'Front').addPropertyOverride('Locked', false));
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: true });
  });

  it('replaces a choice of which both sides are wrong', () => {
    const { app } = fixed((stack) => {
      door(stack, 'Front', { Locked: Fn.conditionIf('Night', false, Fn.ref('AWS::NoValue')) });
    });
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: true });
  });

  it('never touches what is known only at deployment', () => {
    const { app } = fixed((stack) => {
      const free = new CfnParameter(stack, 'Free');
      door(stack, 'Front', { Locked: free.valueAsString });
    });
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: { Ref: 'Free' } });
  });

  it('knows the values that a parameter may take', () => {
    const { app } = fixed((stack) => {
      const no = new CfnParameter(stack, 'No', { allowedValues: ['false'] });
      door(stack, 'Front', { Locked: no.valueAsString });
    });
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: true });
  });

  it('writes into the resource that holds the state', () => {
    const { app } = fixed((stack) => {
      new CfnResource(stack, 'House', { type: house.resource });
      door(stack, 'Door', { House: { Ref: 'House' }, Locked: false });
    }, house);
    expect(propertiesOf(app, 'Shop', 'Door')).toEqual({ House: { Ref: 'House' }, Locked: true });
  });

  it('says so where no resource holds the state, and where only a person can decide', () => {
    const nowhere = fixed((stack) => new CfnResource(stack, 'House', { type: house.resource }), house);
    expect(refusal(nowhere.app)).toContain('Not put right here: no single resource');
    expect(refusal(fixed((stack) => door(stack, 'Front'), bell).app)).toContain('only a person can decide');
  });

  it('says so where a Stage lies between, and reaches in where it was added to the Stage', () => {
    const app = newApp();
    const stage = new Stage(app, 'Prod');
    door(new Stack(stage, 'Shop'), 'Front');
    add(app, lock);
    expect(refusal(app)).toContain('add it to the Stage as well');
    Aspects.of(stage).add(new ControlAspect(lock, 'fix'));
    expect(refusal(newStage())).toBe('');
  });

  it('does not freeze what other Aspects still add to the resource', () => {
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

  it('says so when somebody undoes it later', () => {
    const { app, stack } = fixed((inner) => door(inner, 'Front'));
    Aspects.of(app).add(
      {
        visit(node) {
          if (node === stack.node.tryFindChild('Front')) (node as CfnResource).addPropertyOverride('Locked', false);
        },
      },
      { priority: 900 },
    );
    expect(refusal(app)).toContain('it was changed after this Aspect had run');
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
  it('leaves an app compliant, or says what it could not put right', async () => {
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

  it('fixes what L2 constructs make, and keeps every statement of a policy', () => {
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
