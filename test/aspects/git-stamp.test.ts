import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Aspects, NestedStack, Stack } from 'aws-cdk-lib/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceOf } from '../../aspects/git.ts';
import { GitStampAspect } from '../../aspects/git-stamp.ts';
import { stampIn } from '../../lib/evaluate/template/stamp.ts';
import { newApp } from './app.ts';

const SHA = 'c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ffe';
let cwd: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd, encoding: 'utf8' });

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'stamp-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function repository(remote: string): string {
  git('init', '-q');
  git('remote', 'add', 'origin', remote);
  writeFileSync(join(cwd, 'app.ts'), 'one');
  git('add', '.');
  git('commit', '-qm', 'one');
  return git('rev-parse', 'HEAD').trim();
}

describe('the source of a stack', () => {
  it('comes from git, with a mark for uncommitted changes', () => {
    const commit = repository('https://git.example/shop.git');
    expect(sourceOf(cwd, {})).toEqual({ repository: 'https://git.example/shop.git', commit });
    writeFileSync(join(cwd, 'untracked'), 'made by a build');
    expect(sourceOf(cwd, {}).commit).toBe(commit);
    writeFileSync(join(cwd, 'app.ts'), 'two');
    expect(sourceOf(cwd, {}).commit).toBe(`${commit}-dirty`);
  });

  it.each([
    ['https://ann:s3cret@git.example/shop.git', 'https://git.example/shop.git'],
    ['https://x-access-token:ghs_abc@git.example/shop', 'https://git.example/shop'],
    ['https://git.example/shop?private_token=abc#x', 'https://git.example/shop'],
    ['ssh://git:s3cret@git.example:22/shop.git', 'ssh://git.example:22/shop.git'],
    ['git@git.example:shop/app.git', 'git@git.example:shop/app.git'],
    ['/home/ann/secret-project', undefined],
    ['file:///home/ann/secret-project', undefined],
    ['C:\\Users\\ann\\shop', undefined],
  ])('holds no credentials and no local paths: %s', (remote, expected) => {
    repository(remote);
    expect(sourceOf(cwd, {}).repository).toBe(expected);
  });

  it.each([
    ['GitHub', { GITHUB_SHA: SHA, GITHUB_REPOSITORY: 'shop/app' }, 'https://github.com/shop/app'],
    [
      'GitHub Enterprise',
      { GITHUB_SHA: SHA, GITHUB_REPOSITORY: 'shop/app', GITHUB_SERVER_URL: 'https://ghe.example' },
      'https://ghe.example/shop/app',
    ],
    ['GitLab', { CI_COMMIT_SHA: SHA, CI_PROJECT_URL: 'https://gitlab.example/shop' }, 'https://gitlab.example/shop'],
    [
      'CodeBuild',
      { CODEBUILD_RESOLVED_SOURCE_VERSION: SHA, CODEBUILD_SOURCE_REPO_URL: 'https://t0ken@git.example/shop' },
      'https://git.example/shop',
    ],
  ])('comes from %s rather than from git', (_, env, expected) => {
    repository('https://git.example/other');
    expect(sourceOf(cwd, env)).toEqual({ repository: expected, commit: SHA });
  });

  it('is empty if it is unknown', () => {
    expect(sourceOf(cwd, { GITHUB_SHA: '', CODEBUILD_RESOLVED_SOURCE_VERSION: 'arn:aws:s3:::source/app.zip' })).toEqual(
      {},
    );
  });
});

describe('GitStampAspect', () => {
  function stamped(env: NodeJS.ProcessEnv) {
    const app = newApp();
    const stack = new Stack(app, 'Shop');
    stack.templateOptions.metadata = { Team: 'shop' };
    new CfnBucket(new NestedStack(stack, 'Cellar'), 'Wine');
    Aspects.of(app).add(new GitStampAspect({ cwd, env }));
    const assembly = app.synth();
    const nested = stack.node.findChild('Cellar') as NestedStack;
    return { outer: assembly.getStackByName('Shop').template, nested: nested.templateOptions.metadata };
  }

  it('stamps every stack and nested stack, and keeps other metadata', () => {
    const { outer, nested } = stamped({ GITHUB_SHA: SHA, GITHUB_REPOSITORY: 'shop/app' });
    const stamp = { repository: 'https://github.com/shop/app', commit: SHA };
    expect(outer.Metadata).toEqual({ Team: 'shop', Evenkeel: stamp });
    expect(nested).toEqual({ Evenkeel: stamp });
    expect(stampIn(outer)).toEqual(stamp);
  });

  it('stamps nothing if the source is unknown', () => {
    const { outer, nested } = stamped({});
    expect(outer.Metadata).toEqual({ Team: 'shop' });
    expect(nested).toBeUndefined();
  });
});
