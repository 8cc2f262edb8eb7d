import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, Aspects, CfnElement, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib/core';
import { afterAll, describe, expect, it } from 'vitest';
import { ComplianceAspect } from '../../aspects/compliance-aspect.ts';
import { ControlAspect } from '../../aspects/control-aspect.ts';
import { report } from '../../aspects/report.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { ExceptionFiles } from '../../lib/exceptions/files.ts';
import { guests, lock } from '../evaluate/fixtures.ts';
import { exception } from '../exceptions/entries.ts';
import { door, newApp, propertiesOf, refusal } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-exceptions-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function file(content: object): string {
  const path = join(folder, `${++files}.json`);
  writeFileSync(path, JSON.stringify(content));
  return path;
}
const later = new Date(Date.now() + 100 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
const entry = (changes: Partial<Exception> = {}) => exception({ expires: later, ...changes });
const published = (...exceptions: readonly Exception[]) =>
  file({ schema: 'evenkeel.exceptions/v1', commit: 'c', exceptions });

function shop(files: ExceptionFiles) {
  const app = newApp();
  const stack = new Stack(app, 'Shop');
  Aspects.of(app).add(new ControlAspect(lock, 'fail', undefined, files));
  return { app, stack };
}

interface Reported {
  readonly ruleName: string;
  readonly description: string;
  readonly severity: string;
  readonly reason?: string;
}

/** Evenkeel's findings in CDK's report: the exempt ones and the rest. */
function reported(app: App) {
  const refused = refusal(app) !== '';
  const { pluginReports } = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  const ours = pluginReports.find(({ pluginName }: { pluginName: string }) => pluginName === 'Evenkeel');
  const exempted: Reported[] = ours?.suppressedViolations ?? [];
  const rest: Reported[] = ours?.violations ?? [];
  return { refused, exempted, rest, rules: rest.map(({ ruleName, severity }) => `${severity} ${ruleName}`) };
}

describe('an exempt finding', () => {
  it('is suppressed in the report with the reason, and no other finding is', () => {
    const { app, stack } = shop({ exceptions: published(entry()) });
    door(stack, 'Front');
    door(stack, 'Back');
    const { refused, exempted, rest } = reported(app);
    expect(refused).toBe(true);
    expect(exempted).toMatchObject([
      {
        ruleName: 'lock',
        reason: `Exempt by exception front-door, approved by ciso@example.com (SHOP-1), until ${later}: Deliveries come at night.`,
      },
    ]);
    expect(rest).toMatchObject([{ ruleName: 'lock', description: expect.stringContaining('Back') }]);
  });

  it('does not fail the app if it is the only one', () => {
    const { app, stack } = shop({ exceptions: published(entry()) });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({ refused: false, rest: [] });
  });

  it('does not fail the app when it is synthesized again', () => {
    const { app, stack } = shop({ exceptions: published(entry()) });
    door(stack, 'Front');
    app.synth();
    expect(() => app.synth({ force: true })).not.toThrow();
  });

  it('fails the app after the last day of the exception, with a warning', () => {
    const { app, stack } = shop({ exceptions: published(entry({ expires: '2026-01-31' })) });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({
      refused: true,
      exempted: [],
      rules: ['error lock', 'warning exception-expired'],
    });
  });

  it('is fatal if it is acknowledged and has no exception', () => {
    const { app, stack } = shop({ exceptions: published(entry({ control: 'alarm' })) });
    Validations.of(door(stack, 'Front')).acknowledge({ id: 'Evenkeel::lock', reason: 'I want to' });
    expect(reported(app)).toMatchObject({ refused: true, exempted: [], rules: ['fatal lock'] });
  });

  it('can be named by construct path in a nested stack and in a Stage', () => {
    const nested = entry({ id: 'hatch', template: { stack: 'Shop', resource: 'Shop/Cellar/Hatch' } });
    const staged = entry({ id: 'side', template: { stack: 'Prod-Shop', resource: 'Side' } });
    const { app, stack } = shop({ exceptions: published(nested, staged) });
    door(new NestedStack(stack, 'Cellar'), 'Hatch');
    door(new Stack(new Stage(app, 'Prod'), 'Shop'), 'Side');
    const { exempted, rest } = reported(app);
    expect(exempted).toHaveLength(2);
    expect(rest).toEqual([]);
  });

  it('in a raw template or above other constructs becomes an info, because an acknowledgement would cover more', () => {
    const complete = entry({ template: { stack: 'Shop' } });
    const { app, stack } = shop({ exceptions: published(complete) });
    new Raw(stack, 'Raw');
    const above = door(stack, 'Front');
    door(above, 'Flap');
    const { refused, exempted, rules } = reported(app);
    expect(refused).toBe(false);
    expect(exempted).toMatchObject([{ description: expect.stringContaining('Flap') }]);
    expect(rules.sort()).toEqual(['info lock', 'info lock', 'warning exception-broad']);
  });

  it('is not fixed', () => {
    const app = newApp();
    const stack = new Stack(app, 'Shop');
    door(stack, 'Front', { Locked: false });
    door(stack, 'Back', { Locked: false });
    Aspects.of(app).add(new ControlAspect(lock, 'fix', undefined, { exceptions: published(entry()) }));
    const { refused, exempted } = reported(app);
    expect(refused).toBe(false);
    expect(exempted).toHaveLength(1);
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: false });
    expect(propertiesOf(app, 'Shop', 'Back')).toEqual({ Locked: true });
  });

  it('can be a report of a hand-written Aspect', () => {
    const { app, stack } = shop({
      exceptions: published(entry({ control: 'no-neon', template: { stack: 'Shop', resource: 'Shop/Front' } })),
    });
    report(door(stack, 'Front', { Locked: true }), {
      rule: 'no-neon',
      violation: 'It glows.',
      remedy: 'Switch it off.',
    });
    expect(reported(app)).toMatchObject({ refused: false, exempted: [{ ruleName: 'no-neon' }], rest: [] });
  });
});

describe('the exceptions file', () => {
  it('causes a warning for an unused exception', () => {
    const { app, stack } = shop({
      exceptions: published(entry(), entry({ id: 'other-app', template: { stack: 'Theirs' } })),
    });
    door(stack, 'Front', { Locked: true });
    expect(reported(app)).toMatchObject({ refused: false, rules: ['warning exception-unused'] });
  });

  it('causes no warning if an Aspect evaluates only a part of the stack', () => {
    const app = newApp();
    const stack = new Stack(app, 'Shop');
    const part = door(stack, 'Back', { Locked: true });
    Aspects.of(part).add(new ControlAspect(lock, 'fail', undefined, { exceptions: published(entry()) }));
    expect(reported(app)).toMatchObject({ refused: false, rest: [] });
  });

  it.each<[string, () => string, RegExp]>([
    ['is missing', () => join(folder, 'none.json'), /Cannot read .*none\.json: no such file/],
    [
      'is invalid',
      () => file({ exceptions: [{ ...entry(), expires: 'never' }] }),
      /\.json:1:\d+ {2}exceptions\.0\.expires/,
    ],
  ])('that %s is fatal', (_name, path, message) => {
    const { app, stack } = shop({ exceptions: path() });
    door(stack, 'Front', { Locked: true });
    const { refused, rest } = reported(app);
    expect(refused).toBe(true);
    expect(rest).toMatchObject([{ severity: 'fatal', description: expect.stringMatching(message) }]);
  });
});

describe('a proposal', () => {
  const proposals = file({ exceptions: [entry()] });

  it('exempts nothing, and causes a warning until it is published', () => {
    const { app, stack } = shop({ exceptions: published(), proposals });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({
      refused: true,
      exempted: [],
      rules: ['error lock', 'warning exception-proposed'],
    });
  });

  it('causes no warning after it is published', () => {
    const { app, stack } = shop({ exceptions: published(entry()), proposals });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({ refused: false, rest: [] });
  });

  it('is not a proposal if the same file holds the exceptions', () => {
    const { app, stack } = shop({ exceptions: proposals, proposals });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({ refused: false, rest: [] });
  });
});

it('reads both files from their default paths, once for all Aspects', () => {
  const home = process.cwd();
  const app = newApp();
  process.chdir(folder);
  try {
    mkdirSync('.evenkeel');
    writeFileSync(
      '.evenkeel/exceptions.json',
      JSON.stringify({ schema: 'evenkeel.exceptions/v1', commit: 'c', exceptions: [entry()] }),
    );
    writeFileSync('exceptions.yaml', JSON.stringify({ exceptions: [entry({ id: 'new' })] }));
    door(new Stack(app, 'Shop'), 'Front');
    Aspects.of(app).add(new ComplianceAspect({ controls: [lock, guests] }));
    Aspects.of(app).add(new ControlAspect(lock, 'warn'));
    expect(reported(app)).toMatchObject({ refused: false, exempted: [{}], rules: ['warning exception-proposed'] });
  } finally {
    process.chdir(home);
  }
});

/** A part of a template without a construct. */
class Raw extends CfnElement {
  override _toCloudFormation() {
    return { Resources: { Window: { Type: lock.resource } } };
  }
}
