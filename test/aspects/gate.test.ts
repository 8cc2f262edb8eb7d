import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import {
  Aspects,
  CfnCondition,
  CfnElement,
  CfnParameter,
  Fn,
  NestedStack,
  Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib/core';
import { RootConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { ComplianceAspect } from '../../aspects/compliance-aspect.ts';
import { ControlAspect } from '../../aspects/control-aspect.ts';
import { report } from '../../aspects/report.ts';
import type { Control } from '../../lib/model/control.ts';
import { exampleControls, guests, lock } from '../evaluate/fixtures.ts';
import { door, found, newApp, refusal } from './app.ts';

function shop() {
  const app = newApp();
  return { app, stack: new Stack(app, 'Shop') };
}

/** A part of a template without a construct. */
class Raw extends CfnElement {
  override _toCloudFormation() {
    return { Resources: { Back: { Type: lock.resource } } };
  }
}

describe('the report', () => {
  it('names control, construct path, property and fix, and fails the app', () => {
    const { app, stack } = shop();
    door(stack, 'Front', { Locked: false });
    Aspects.of(app).add(new ControlAspect(lock));
    const text = refusal(app);
    expect(text).toContain('ERROR lock: The door is not locked. (Front Properties.Locked) (Evenkeel)');
    expect(text).toContain('Shop/Front');
    expect(text).toContain('set Properties.Locked to true (was false)');
  });

  it('passes a compliant app', () => {
    const { app, stack } = shop();
    door(stack, 'Front', { Locked: true });
    Aspects.of(app).add(new ControlAspect(lock));
    expect(refusal(app)).toBe('');
  });

  it('warns without failing the app', () => {
    const { app, stack } = shop();
    door(stack, 'Front');
    Aspects.of(app).add(new ControlAspect(lock, 'warn'));
    expect(refusal(app)).toBe('');
  });

  it('does not fail the app for a value that is known only at deployment', () => {
    const { app, stack } = shop();
    new CfnCondition(stack, 'Night');
    door(stack, 'Front', { Locked: Fn.conditionIf('Night', true, false) });
    Aspects.of(app).add(new ControlAspect(lock));
    expect(refusal(app)).toBe('');
  });

  it('covers overrides and raw templates', () => {
    const { app, stack } = shop();
    door(stack, 'Front', { Locked: true }).addPropertyOverride('Locked', false);
    new Raw(stack, 'Raw');
    Aspects.of(app).add(new ControlAspect(lock));
    const text = refusal(app);
    expect(text).toContain('(Front Properties.Locked)');
    expect(text).toContain('(Back Properties.Locked)');
  });
});

describe('scope', () => {
  it('is the construct that the Aspect was added to', () => {
    const { app, stack } = shop();
    const other = new Stack(app, 'Shop2');
    door(other, 'Side');
    door(stack, 'Front');
    Aspects.of(stack).add(new ControlAspect(lock));
    const text = refusal(app);
    expect(text).toContain('Shop/Front');
    expect(text).not.toContain('Side');
  });

  it('includes Stages and nested stacks', () => {
    const { app, stack } = shop();
    door(new NestedStack(stack, 'Cellar'), 'Hatch');
    door(new Stack(new Stage(app, 'Prod'), 'Shop'), 'Front');
    Aspects.of(app).add(new ControlAspect(lock));
    const text = refusal(app);
    expect(text).toContain('Shop/Cellar/Hatch');
    expect(text).toContain('Prod/Shop/Front');
  });

  describe('a nested stack is evaluated with the parameters of its parent', () => {
    const nested = (Locked: string | ((stack: Stack) => string), action: 'fail' | 'fix' = 'fail') => {
      const { app, stack } = shop();
      const value = typeof Locked === 'string' ? Locked : Locked(stack);
      const cellar = new NestedStack(stack, 'Cellar', { parameters: { Locked: value } });
      const above = new CfnParameter(cellar, 'Locked').valueAsString;
      const deeper = new NestedStack(cellar, 'Deeper', { parameters: { Locked: above } });
      door(deeper, 'Hatch', { Locked: new CfnParameter(deeper, 'Locked').valueAsString });
      Aspects.of(app).add(new ControlAspect(lock, action));
      return app;
    };

    it.each([
      ['a violation', 'false', ['error lock Shop/Cellar/Deeper/Hatch']],
      ['compliant', 'true', []],
      [
        'unknown',
        (stack: Stack) => new CfnParameter(stack, 'Free').valueAsString,
        ['info lock Shop/Cellar/Deeper/Hatch'],
      ],
    ])('%s', (_name, value, expected) => expect(found(nested(value))).toEqual(expected));

    it('a fix cannot use them, and gives the reason', () => {
      expect(refusal(nested('false', 'fix'))).toContain('a parameter that the parent stack passes');
    });
  });

  it('can be a Stage', () => {
    const { app, stack } = shop();
    const stage = new Stage(app, 'Prod');
    door(stack, 'Ours');
    door(new Stack(stage, 'Shop'), 'Front');
    Aspects.of(stage).add(new ControlAspect(lock));
    const text = refusal(app);
    expect(text).toContain('Prod/Shop/Front');
    expect(text).not.toContain('Ours');
  });

  it.each([
    ['warn', 'fail'],
    ['fail', 'warn'],
  ] as const)('uses the stricter of two Aspects: %s and %s', (outer, inner) => {
    const { app, stack } = shop();
    door(stack, 'Front');
    Aspects.of(app).add(new ControlAspect(lock, outer));
    Aspects.of(stack).add(new ControlAspect(lock, inner));
    expect(refusal(app).match(/ERROR lock/g)).toHaveLength(1);
  });
});

describe('an acknowledgement', () => {
  const acknowledged = (action: 'warn' | 'fail') => {
    const { app, stack } = shop();
    door(stack, 'Front');
    door(stack, 'Back');
    Validations.of(stack.node.findChild('Front')).acknowledge({ id: 'Evenkeel::lock', reason: 'I want to' });
    Aspects.of(app).add(new ControlAspect(lock, action));
    return refusal(app);
  };

  it('of one finding does not cover another', () => {
    expect(acknowledged('fail')).toContain('ERROR lock: The door is not locked. (Back Properties.Locked)');
  });

  it('without an exception is fatal', () => {
    expect(acknowledged('warn')).toMatch(/FATAL lock: .*The acknowledgement at Shop\/Front \("I want to"\)/);
  });

  it('without a reason, which JavaScript can omit, is fatal too', () => {
    const { app, stack } = shop();
    const reason = undefined as unknown as string; // as above
    Validations.of(door(stack, 'Front')).acknowledge({ id: 'Evenkeel::lock', reason });
    Aspects.of(app).add(new ControlAspect(lock));
    expect(refusal(app)).toMatch(/FATAL lock: .*The acknowledgement at Shop\/Front/);
  });

  it("of another plugin's rule has no effect", () => {
    const { app, stack } = shop();
    door(stack, 'Front');
    Validations.of(app).acknowledge({ id: 'Other::lock', reason: 'theirs' });
    Aspects.of(app).add(new ControlAspect(lock, 'warn'));
    expect(refusal(app)).toBe('');
  });
});

describe('a hand-written Aspect', () => {
  const finding = { rule: 'mine', violation: 'It is blue.', remedy: 'Paint it.' };

  it('reports once, together with the controls', () => {
    const { app, stack } = shop();
    const front = door(stack, 'Front');
    for (let times = 0; times < 2; times++) report(front, finding);
    const text = refusal(app);
    expect(text.match(/ERROR mine: It is blue/g)).toHaveLength(1);
    expect(text).toContain('Shop/Front');
    expect(text).toContain('Paint it.');
  });

  it('can warn, or withdraw its report', () => {
    const { app, stack } = shop();
    report(stack, { ...finding, action: 'warn' });
    report(stack, () => undefined);
    expect(refusal(app)).toBe('');
  });
});

describe('ComplianceAspect', () => {
  const chosen = (options: ConstructorParameters<typeof ComplianceAspect>[0]) => {
    const { app, stack } = shop();
    door(stack, 'Front');
    Aspects.of(app).add(new ComplianceAspect({ controls: exampleControls, ...options }));
    return [...refusal(app).matchAll(/ERROR (\w+):/g)].map(([, id]) => id);
  };

  it('enforces all controls', () => expect(chosen({})).toEqual(['lock', 'bell']));
  it('selects by severity', () => {
    expect(chosen({ severityAtLeast: 'medium' })).toEqual([]);
    expect(chosen({ severityAtLeast: 'medium', controls: [{ ...lock, severity: 'high' }] })).toEqual(['lock']);
  });
  it('selects by framework', () => {
    expect(chosen({ frameworks: ['fsbp'] })).toEqual([]);
    expect(chosen({ frameworks: ['fsbp'], controls: [{ ...lock, frameworks: { fsbp: ['X.1'] } }] })).toEqual(['lock']);
  });
  it('accepts ids of the catalogue and other controls', () => {
    const { app, stack } = shop();
    door(stack, 'Front');
    new CfnBucket(stack, 'Invoices');
    Aspects.of(app).add(new ComplianceAspect({ controls: ['s3-block-public-access', lock] }));
    expect(found(app).map((each) => each.split(' ')[1])).toEqual(['lock', 's3-block-public-access']);
  });
  it('rejects an unknown name, so that a misspelling does not disable the gate', () => {
    const typed = (options: object) => () => new ComplianceAspect(options); // as from JavaScript
    expect(typed({ controls: ['s3-block-public-acces'] })).toThrow(
      /Unknown control "s3-block-public-acces"\. Available: .*s3-b/,
    );
    expect(typed({ frameworks: ['cis'] })).toThrow(/Unknown framework "cis"\. Available: .*cis-v3/);
    expect(typed({ severityAtLeast: 'hgih' })).toThrow(/Unknown severity "hgih"\. Available: low/);
    expect(typed({ action: 'error' })).toThrow(/Unknown action "error"\. Available: warn, fail, fix/);
  });
  it('rejects parameters for a control that it does not check', () => {
    expect(() => new ComplianceAspect({ controls: [lock], parameters: { loock: {} } })).toThrow(
      /does not check loock.*It checks: lock/,
    );
  });
});

describe('one control in several Aspects', () => {
  const aged: Control = {
    ...lock,
    parameters: { sign: 'a' },
    check: (state, { sign }) => (state.Sign === sign ? 'compliant' : { violation: `The sign is not ${sign}.` }),
  };

  it('uses the parameters of each Aspect in its scope', () => {
    const { app, stack } = shop();
    const other = new Stack(app, 'Other');
    door(stack, 'Front', { Sign: 'b' });
    door(other, 'Back', { Sign: 'b' });
    Aspects.of(stack).add(new ComplianceAspect({ controls: [aged], parameters: { lock: { sign: 'b' } } }));
    Aspects.of(other).add(new ComplianceAspect({ controls: [aged] }));
    expect(found(app)).toEqual(['error lock Other/Back']);
  });

  it('enforces two controls with the same id', () => {
    const { app, stack } = shop();
    door(stack, 'Front', { Sign: 'b', Locked: true });
    door(stack, 'Back', { Sign: 'a', Locked: false });
    Aspects.of(app).add(new ComplianceAspect({ controls: [aged], action: 'warn' }));
    Aspects.of(stack).add(new ComplianceAspect({ controls: [lock] }));
    expect(found(app)).toEqual(['error lock Shop/Back', 'warning lock Shop/Front']);
  });
});

it('rejects a control without a template view, and a tree without an App', () => {
  expect(() => new ControlAspect({ ...guests, template: undefined })).toThrow(/in live accounts only/);
  const root = new RootConstruct();
  const aspect = new ControlAspect(lock);
  Aspects.of(root).add(aspect);
  expect(() => aspect.visit(root)).toThrow(/is not an App/);
});

it('evaluates 500 resources in less than two seconds', () => {
  const { app, stack } = shop();
  for (let n = 0; n < 500; n++) door(stack, `Door${n}`, { Locked: true });
  app.synth();
  Aspects.of(app).add(new ComplianceAspect({ controls: exampleControls }));
  const start = performance.now();
  app.synth({ force: true });
  expect(performance.now() - start).toBeLessThan(2000);
});
