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
const register = (...exceptions: readonly Exception[]) =>
  file({ schema: 'evenkeel.register/v1', commit: 'c', exceptions });

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

/** What CDK's report has on our findings: what was waived, and the rest. */
function reported(app: App) {
  const refused = refusal(app) !== '';
  const { pluginReports } = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8'));
  const ours = pluginReports.find(({ pluginName }: { pluginName: string }) => pluginName === 'Evenkeel');
  const waived: Reported[] = ours?.suppressedViolations ?? [];
  const rest: Reported[] = ours?.violations ?? [];
  return { refused, waived, rest, rules: rest.map(({ ruleName, severity }) => `${severity} ${ruleName}`) };
}

describe('what an exception of the register spares', () => {
  it('is waived in the report, which says by whose leave, and nothing beside it is', () => {
    const { app, stack } = shop({ register: register(entry()) });
    door(stack, 'Front');
    door(stack, 'Back');
    const { refused, waived, rest } = reported(app);
    expect(refused).toBe(true);
    expect(waived).toMatchObject([
      {
        ruleName: 'lock',
        reason: `Spared by exception front-door, approved by ciso@example.com (SHOP-1), until ${later}: Deliveries come at night.`,
      },
    ]);
    expect(rest).toMatchObject([{ ruleName: 'lock', description: expect.stringContaining('Back') }]);
  });

  it('lets the app pass when it was all that was wrong', () => {
    const { app, stack } = shop({ register: register(entry()) });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({ refused: false, rest: [] });
  });

  it('also lets it pass when it is synthesised again', () => {
    const { app, stack } = shop({ register: register(entry()) });
    door(stack, 'Front');
    app.synth();
    expect(() => app.synth({ force: true })).not.toThrow();
  });

  it('is enforced again after its last day, and the report says why', () => {
    const { app, stack } = shop({ register: register(entry({ expires: '2026-01-31' })) });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({
      refused: true,
      waived: [],
      rules: ['error lock', 'warning exception-expired'],
    });
  });

  it('is not waived where somebody acknowledged without it', () => {
    const { app, stack } = shop({ register: register(entry({ control: 'alarm' })) });
    Validations.of(door(stack, 'Front')).acknowledge({ id: 'Evenkeel::lock', reason: 'I want to' });
    expect(reported(app)).toMatchObject({ refused: true, waived: [], rules: ['fatal lock'] });
  });

  it('may be named by construct path in a nested stack and in a Stage', () => {
    const nested = entry({ id: 'hatch', template: { stack: 'Shop', resource: 'Shop/Cellar/Hatch' } });
    const staged = entry({ id: 'side', template: { stack: 'Prod-Shop', resource: 'Side' } });
    const { app, stack } = shop({ register: register(nested, staged) });
    door(new NestedStack(stack, 'Cellar'), 'Hatch');
    door(new Stack(new Stage(app, 'Prod'), 'Shop'), 'Side');
    const { waived, rest } = reported(app);
    expect(waived).toHaveLength(2);
    expect(rest).toEqual([]);
  });

  it('in a raw template or above other constructs is a remark, for an acknowledgement would reach further', () => {
    const complete = entry({ template: { stack: 'Shop' } });
    const { app, stack } = shop({ register: register(complete) });
    new Raw(stack, 'Raw');
    const above = door(stack, 'Front');
    door(above, 'Flap');
    const { refused, waived, rules } = reported(app);
    expect(refused).toBe(false);
    expect(waived).toMatchObject([{ description: expect.stringContaining('Flap') }]);
    expect(rules.sort()).toEqual(['info lock', 'info lock', 'warning exception-broad']);
  });

  it('is not put right either', () => {
    const app = newApp();
    const stack = new Stack(app, 'Shop');
    door(stack, 'Front', { Locked: false });
    door(stack, 'Back', { Locked: false });
    Aspects.of(app).add(new ControlAspect(lock, 'fix', undefined, { register: register(entry()) }));
    const { refused, waived } = reported(app);
    expect(refused).toBe(false);
    expect(waived).toHaveLength(1);
    expect(propertiesOf(app, 'Shop', 'Front')).toEqual({ Locked: false });
    expect(propertiesOf(app, 'Shop', 'Back')).toEqual({ Locked: true });
  });

  it('may be what a hand-written Aspect reports', () => {
    const { app, stack } = shop({
      register: register(entry({ control: 'no-neon', template: { stack: 'Shop', resource: 'Shop/Front' } })),
    });
    report(door(stack, 'Front', { Locked: true }), {
      rule: 'no-neon',
      violation: 'It glows.',
      remedy: 'Switch it off.',
    });
    expect(reported(app)).toMatchObject({ refused: false, waived: [{ ruleName: 'no-neon' }], rest: [] });
  });
});

describe('the register itself', () => {
  it('holds something of no use: a warning', () => {
    const { app, stack } = shop({
      register: register(entry(), entry({ id: 'other-app', template: { stack: 'Theirs' } })),
    });
    door(stack, 'Front', { Locked: true });
    expect(reported(app)).toMatchObject({ refused: false, rules: ['warning exception-unused'] });
  });

  it('is not called of no use where an Aspect only looked at a part of the stack', () => {
    const app = newApp();
    const stack = new Stack(app, 'Shop');
    const part = door(stack, 'Back', { Locked: true });
    Aspects.of(part).add(new ControlAspect(lock, 'fail', undefined, { register: register(entry()) }));
    expect(reported(app)).toMatchObject({ refused: false, rest: [] });
  });

  it.each<[string, () => string, RegExp]>([
    ['cannot be found', () => join(folder, 'none.json'), /none\.json cannot be read: there is no such file/],
    [
      'is wrong',
      () => file({ exceptions: [{ ...entry(), expires: 'never' }] }),
      /\.json:1:\d+ {2}exceptions\.0\.expires/,
    ],
  ])('%s: nothing is waived and nothing deployed', (_name, path, message) => {
    const { app, stack } = shop({ register: path() });
    door(stack, 'Front', { Locked: true });
    const { refused, rest } = reported(app);
    expect(refused).toBe(true);
    expect(rest).toMatchObject([{ severity: 'fatal', description: expect.stringMatching(message) }]);
  });
});

describe('a proposal', () => {
  const proposals = file({ exceptions: [entry()] });

  it('waives nothing, and is a warning until it stands in the register', () => {
    const { app, stack } = shop({ register: register(), proposals });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({
      refused: true,
      waived: [],
      rules: ['error lock', 'warning exception-proposed'],
    });
  });

  it('is quiet from then on', () => {
    const { app, stack } = shop({ register: register(entry()), proposals });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({ refused: false, rest: [] });
  });

  it('is no proposal where the same file is the register', () => {
    const { app, stack } = shop({ register: proposals, proposals });
    door(stack, 'Front');
    expect(reported(app)).toMatchObject({ refused: false, rest: [] });
  });
});

it('finds both files where they are looked for, once for all Aspects', () => {
  const home = process.cwd();
  const app = newApp();
  process.chdir(folder);
  try {
    mkdirSync('.evenkeel');
    writeFileSync(
      '.evenkeel/register.json',
      JSON.stringify({ schema: 'evenkeel.register/v1', commit: 'c', exceptions: [entry()] }),
    );
    writeFileSync('exceptions.yaml', JSON.stringify({ exceptions: [entry({ id: 'new' })] }));
    door(new Stack(app, 'Shop'), 'Front');
    Aspects.of(app).add(new ComplianceAspect({ controls: [lock, guests] }));
    Aspects.of(app).add(new ControlAspect(lock, 'warn'));
    expect(reported(app)).toMatchObject({ refused: false, waived: [{}], rules: ['warning exception-proposed'] });
  } finally {
    process.chdir(home);
  }
});

/** A piece of a template that no construct stands behind. */
class Raw extends CfnElement {
  override _toCloudFormation() {
    return { Resources: { Window: { Type: lock.resource } } };
  }
}
