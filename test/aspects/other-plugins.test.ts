import {
  Annotations,
  App,
  Aspects,
  type IPolicyValidationPluginBeta1,
  type PolicyViolationBeta1,
  Stack,
  Stage,
  Validations,
} from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { ControlAspect } from '../../aspects/control-aspect.ts';
import { lock } from '../evaluate/fixtures.ts';
import { door, found, refusal, reports } from './app.ts';

// Plugins, annotations and acknowledgements of others in an app with Evenkeel's Aspects.

const other = (violations: PolicyViolationBeta1[] = [], severity = 'error'): IPolicyValidationPluginBeta1 => ({
  name: 'Other',
  validate: () => ({
    success: violations.length === 0,
    violations: violations.map((violation) => ({ severity, ...violation })),
  }),
});
const broken: IPolicyValidationPluginBeta1 = {
  name: 'Broken',
  validate() {
    throw new Error('no licence');
  },
};
const foreign = (...paths: string[]): PolicyViolationBeta1 => ({
  ruleName: 'lock',
  description: 'They do not like it.',
  violatingResources: paths.map((path) => ({
    resourceLogicalId: path,
    templatePath: `Shop.template.json`,
    locations: [],
  })),
});

function shop(plugins: IPolicyValidationPluginBeta1[], locked: boolean) {
  const app = new App({ policyValidationBeta1: plugins, analyticsReporting: false });
  const stack = new Stack(app, 'Shop');
  const front = door(stack, 'Front', { Locked: locked });
  Aspects.of(app).add(new ControlAspect(lock));
  return { app, stack, front };
}

const conclusions = (app: App) =>
  Object.fromEntries(
    reports(app).map(({ pluginName, violations, suppressedViolations = [] }) => [
      pluginName,
      { reported: violations.length, suppressed: suppressedViolations.map(({ reason }) => reason) },
    ]),
  );

describe('another plugin', () => {
  it('without violations does not hide ours', () => {
    const { app } = shop([other()], false);
    expect(conclusions(app)).toEqual({ Evenkeel: { reported: 1, suppressed: [] } });
    expect(refusal(app)).toContain('ERROR lock: The door is not locked.');
  });

  it('with violations fails the app without a report of ours', () => {
    const { app } = shop([other([foreign('Front')])], true);
    expect(conclusions(app)).toEqual({ Other: { reported: 1, suppressed: [] } });
    expect(refusal(app)).toContain('They do not like it.');
  });

  it('that throws does not hide our findings', () => {
    const { app } = shop([broken], false);
    const text = refusal(app);
    expect(text).toContain('no licence');
    expect(text).toContain('ERROR lock: The door is not locked.');
  });

  it('can belong to a Stage only', () => {
    const app = new App({ analyticsReporting: false });
    const stage = new Stage(app, 'Prod', { policyValidationBeta1: [other([foreign('Front')])] });
    door(new Stack(stage, 'Shop'), 'Front', { Locked: false });
    Aspects.of(app).add(new ControlAspect(lock));
    expect(Object.keys(conclusions(app)).sort()).toEqual(['Evenkeel', 'Other']);
    expect(found(app)).toEqual(['error lock Prod/Shop/Front']);
  });
});

describe('the acknowledgements of another plugin', () => {
  const acknowledge = (at: IConstruct, id: string) => Validations.of(at).acknowledge({ id, reason: `about ${id}` });

  it('cover only the rule of that plugin, and not our rule with the same name', () => {
    const { app, front } = shop([other([foreign('Front')])], false);
    acknowledge(front, 'Other::lock');
    expect(conclusions(app)).toEqual({
      Evenkeel: { reported: 1, suppressed: [] },
      Other: { reported: 0, suppressed: ['about Other::lock'] },
    });
    expect(found(app)).toEqual(['error lock Shop/Front']);
  });

  it('remain valid if ours are refused', () => {
    const { app, front, stack } = shop([other([foreign('Front')])], false);
    acknowledge(front, 'Other::lock');
    acknowledge(stack, 'Evenkeel::lock');
    expect(conclusions(app)).toMatchObject({ Other: { suppressed: ['about Other::lock'] } });
    expect(found(app)).toEqual(['fatal lock Shop/Front']);
  });

  it.each(['lock', 'Construct-Annotations::lock', 'evenkeel::lock', 'Evenkeel::lock2'])(
    'of %s do not cover our rule',
    (id) => {
      const { app, front } = shop([], false);
      acknowledge(front, id);
      expect(found(app)).toEqual(['error lock Shop/Front']);
    },
  );

  it('still silence a warning of an annotation', () => {
    const { app, front } = shop([], true);
    Annotations.of(front).addWarningV2('mine', 'It is blue.');
    acknowledge(front, 'mine');
    expect(refusal(app)).toBe('');
    expect(reports(app)).toEqual([]);
  });
});
