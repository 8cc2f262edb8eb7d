import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const tutorial = readFileSync(join(root, 'docs/extending.md'), 'utf8');
const ID = 'ec2-subnet-public-ip';

/** The code that the tutorial shows, in its order: type, control, cases, import, service. */
const [type = '', control = '', cases = '', entry = ''] = [...tutorial.matchAll(/^```ts\n(.*?)^```$/gms)].map(
  ([, code]) => code ?? '',
);

const project = mkdtempSync(join(tmpdir(), 'evenkeel-tutorial-'));
const run = (command: string, ...args: readonly string[]) =>
  promisify(execFile)(command, args, {
    cwd: project,
    env: { ...process.env, VITEST: '', NODE_OPTIONS: '' },
    maxBuffer: 16 * 1024 * 1024,
  });

/** Follows the tutorial word by word in a copy of the repository. */
beforeAll(() => {
  for (const folder of ['aspects', 'bin', 'controls', 'docs', 'lambdas', 'lib', 'sandbox', 'test'])
    cpSync(join(root, folder), join(project, folder), { recursive: true });
  for (const file of [
    'cdk.json',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'vitest.config.ts',
  ])
    cpSync(join(root, file), join(project, file));
  for (const file of ['README.md', 'CONTRIBUTING.md', 'evenkeel.config.ts', 'exceptions.yaml'])
    cpSync(join(root, file), join(project, file));
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  symlinkSync(join(root, '.sandbox'), join(project, '.sandbox'));
  writeFileSync(join(project, 'controls/ec2/subnet.ts'), type);
  writeFileSync(join(project, `controls/ec2/${ID}.ts`), control);
  writeFileSync(join(project, `test/cases/${ID}.ts`), cases);
  const index = join(project, 'controls/index.ts');
  const listed = readFileSync(index, 'utf8').replace(/(\n {2}ec2RestrictIngress,\n)/, '$1  ec2SubnetPublicIp,\n');
  writeFileSync(index, entry + listed);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('the tutorial', { timeout: 180_000 }, () => {
  it('names the files of its code blocks', () => {
    for (const file of ['controls/ec2/subnet.ts', `controls/ec2/${ID}.ts`, `test/cases/${ID}.ts`])
      expect(tutorial).toContain(file);
  });

  it('writes a control of about 35 lines', () => {
    expect(control.trimEnd().split('\n').length).toBeLessThanOrEqual(38);
  });

  it('compiles', async () => {
    await expect(run('npx', 'tsc', '--noEmit')).resolves.toMatchObject({ stdout: '' });
  });

  it('writes the control’s page', async () => {
    await run('node', '--import', 'tsx', 'bin/docs.ts');
    expect(readFileSync(join(project, `docs/controls/${ID}.md`), 'utf8')).toContain('Subnets do not assign public');
  });

  it('passes the tests of the control', async () => {
    const { stdout } = await run('npm', 'test', '--', '--control', ID);
    expect(stdout).toMatch(/refuses: public addresses|[1-9]\d* passed/);
  });
});
