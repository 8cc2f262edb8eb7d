import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseOptions } from '../../bin/subcommands/check-options.ts';

const folder = new URL('../../docs/ci/', import.meta.url);
const FILES = ['github.yml', 'gitlab-sarif.yml', 'gitlab.yml', 'pre-commit.yaml'];
const text = (name: string) => readFileSync(new URL(name, folder), 'utf8');

/** All strings in a value. */
const texts = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(texts)
      : [];

/** The arguments of each `evenkeel check` in a file, split like a shell. */
const calls = (name: string) =>
  texts(parse(text(name))).flatMap((each) =>
    [...each.matchAll(/\bevenkeel check\b *([^|\n]*)/g)].map(([, args = '']) => args.split(' ').filter(Boolean)),
  );

describe.each(FILES)('docs/ci/%s', (name) => {
  it('passes valid arguments to evenkeel check', () => {
    const found = calls(name).filter((args) => args.length > 0 || name.startsWith('pre'));
    expect(found.length).toBeGreaterThan(0);
    // pre-commit appends the changed files.
    for (const args of found)
      expect(parseOptions(name.startsWith('pre') ? [...args, 'templates/a.yaml'] : args)).not.toBe('help');
  });

  it('is listed in docs/ci/README.md', () => expect(text('README.md')).toContain(`[${name}](${name})`));
});

it('docs/ci has no other files', () => {
  expect(readdirSync(folder).sort()).toEqual(['README.md', ...FILES].sort());
});

it('the test would find an invalid argument', () => {
  expect(() => parseOptions(['--formt', 'sarif', 'templates/'])).toThrow("Unknown option '--formt'");
});

it('the GitHub workflow has minimal permissions, and uploads its report', () => {
  const { on, permissions, jobs } = parse(text('github.yml'));
  expect(on).toHaveProperty('pull_request');
  expect(permissions).toEqual({});
  expect(jobs.check.permissions).toEqual({ contents: 'read', 'security-events': 'write', actions: 'read' });
  const upload = jobs.check.steps.at(-1);
  expect(upload).toMatchObject({ uses: 'github/codeql-action/upload-sarif@v4', with: { sarif_file: 'upload.sarif' } });
  expect(calls('github.yml')[0]).toEqual(expect.arrayContaining(['--format', 'sarif', '--output', 'evenkeel.sarif']));
});

it('the GitLab job keeps its report, also of a failed check', () => {
  const { evenkeel } = parse(text('gitlab.yml'));
  expect(evenkeel.artifacts).toMatchObject({ when: 'always', reports: { junit: 'evenkeel.xml' } });
  expect(calls('gitlab.yml')[0]).toEqual(expect.arrayContaining(['--format', 'junit', '--output', 'evenkeel.xml']));
});

it('the GitLab SARIF job passes with violations, and fails with errors', () => {
  const { 'evenkeel-sarif': job } = parse(text('gitlab-sarif.yml'));
  expect(job.artifacts.reports).toEqual({ sarif: 'evenkeel.sarif' });
  const [, after = ''] = /evenkeel check [^|]*(\|\| .*)$/m.exec(job.script.join('\n')) ?? [];
  const exit = (code: number) => spawnSync('sh', ['-c', `sh -c 'exit ${code}' ${after}`]).status;
  expect([0, 1, 2].map(exit)).toEqual([0, 0, 1]);
});
