import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { commandLine, modules } from '../../bin/bundle.ts';
import { cfnLint } from './gate/cfn-lint.ts';
import { checking, evaluation, synthesis } from './gate/parts.ts';
import { best, timed, WORK } from './gate/run.ts';
import { checkingTable, evaluationTable, synthesisTable } from './gate/tables.ts';

// The benchmark takes minutes; this test runs its parts with small sizes.
const missing = { missing: 'not requested' };

describe('the benchmark of the gate', { timeout: 180_000 }, () => {
  it('synthesizes with each gate', async () => {
    const outdir = join(WORK, 'test-library');
    await build({ ...modules, outdir });
    const all = await synthesis(join(outdir, 'lib/index.js'), [10], 1);
    const taken = { resources: 10, none: above0, nothing: above0, evenkeel: above0, cdkNag: above0 };
    expect(all).toEqual([
      { validation: 'on', ...taken },
      { validation: 'off', ...taken },
    ]);
    expect(synthesisTable(all)).toMatch(/^ +on +10 +\d+(\.\d)? ms +\d\.\d\d +\d\.\d\d +\d\.\d\d$/m);
  });

  it('evaluates by size and mixture', async () => {
    const all = await evaluation([20, 40], 1);
    expect(all.map(({ resources, mixture }) => `${resources} ${mixture}`)).toEqual([
      '20 mixed',
      '40 mixed',
      '20 groups',
      '40 groups',
    ]);
    expect(evaluationTable(all)).toMatch(/^ +20 +groups +\d+(\.\d)? ms +1\.00$/m);
  });

  it('checks a template, and compares another program if one is installed', async () => {
    const outdir = join(WORK, 'test-command');
    await build({ ...commandLine, outdir });
    const file = join(outdir, 'evenkeel.js');
    const alone = await checking(file, missing, 20, 1);
    expect(alone).toEqual({ resources: 20, evenkeel: above0 });
    expect(checkingTable(alone, missing)).toContain('not requested');
    const other = { name: 'true 1.0', file: '/bin/true' };
    expect(checkingTable(await checking(file, other, 20, 1), other)).toMatch(/^ +true 1\.0 +\d+(\.\d)? ms +\d\.\d\d$/m);
  });

  it('reports why cfn-lint is missing', () => {
    const nowhere = join(mkdtempSync(join(tmpdir(), 'evenkeel-bench-')), 'venv');
    expect(cfnLint('no-such-python', nowhere)).toEqual({
      missing: expect.stringMatching(/^cfn-lint [\d.]+ could not be installed: .*no-such-python/),
    });
  });

  it('takes the best time, and throws if a program fails', async () => {
    const takes = [3, 1, 2];
    expect(await best(3, { one: () => takes.pop() ?? 0 })).toEqual({ one: 1 });
    expect(() => timed(process.execPath, ['-e', 'process.exit(3)'], [0])).toThrow(/ended with 3/);
  });
});

const above0 = expect.toSatisfy((value: number) => value > 0);
