import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Exception } from '../../lib/exceptions/exception.ts';
import { exception } from '../exceptions/entries.ts';

const s3 = vi.hoisted(() => ({ objects: new Map<string, string | Error>() }));
vi.mock('@aws-sdk/client-s3', () => ({
  S3: class {
    async getObject({ Bucket, Key }: { readonly Bucket: string; readonly Key: string }) {
      const found =
        s3.objects.get(`${Bucket}/${Key}`) ?? Object.assign(new Error('No such key.'), { name: 'NoSuchKey' });
      if (found instanceof Error) throw found;
      return { Body: { transformToString: async () => found } };
    }
  },
}));

const { run } = await import('../../bin/subcommands/exceptions.ts');
const { run: check } = await import('../../bin/subcommands/check.ts');

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-exceptions-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => vi.stubEnv('EVENKEEL_EXCEPTIONS', undefined));
afterEach(() => vi.unstubAllEnvs());

async function output(command: typeof run, args: readonly string[]) {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const status = await command(args);
    return {
      status,
      stdout: stdout.mock.calls.map(([text]) => text).join(''),
      stderr: stderr.mock.calls.map(([text]) => text).join(''),
    };
  } finally {
    vi.restoreAllMocks();
  }
}
const exceptions = (...args: string[]) => output(run, args);

let files = 0;
function file(text: string | object, name = `${++files}.yaml`): string {
  const path = join(folder, name);
  writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text));
  return path;
}
const later = new Date(Date.now() + 100 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
const keys = (changes: Partial<Exception> = {}) =>
  exception({ control: 'kms-key-rotation', template: { stack: 'shop', resource: 'Key' }, expires: later, ...changes });
const published = (...exceptions: readonly Exception[]) => ({
  schema: 'evenkeel.exceptions/v1',
  commit: 'c',
  exceptions,
});

describe('evenkeel exceptions check', () => {
  it('0: a valid file; 1: warnings with --strict', async () => {
    const path = file({ exceptions: [keys({ template: { stack: 'shop' } })] });
    const { status, stdout } = await exceptions('check', path);
    expect(stdout).toContain(
      `${path}:1:16  Exception front-door exempts every resource in the stack shop.  exception-broad`,
    );
    expect(stdout).toContain(`${path}: 1 exception, 1 warning.\n`);
    expect(status).toBe(0);
    expect(await exceptions('check', path, '--strict')).toMatchObject({ status: 1 });
  });

  it('reads a published file, and prints JSON', async () => {
    const { status, stdout } = await exceptions('check', file(published(keys())), '--strict', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ exceptions: [{ id: 'front-door' }], warnings: [] });
    expect(status).toBe(0);
  });

  it('2: an invalid file, with all problems, or only the first syntax error', async () => {
    const { status, stderr } = await exceptions('check', file({ exceptions: [keys({ control: 'kms' })] }));
    expect(stderr).toMatch(/:1:\d+ {2}exceptions\.0\.control: unknown control "kms"; available: .*kms-key-rotation/);
    expect(status).toBe(2);
    const broken = await exceptions('check', file('exceptions: [\n- a: b: c\n}'));
    expect(broken.stderr.match(/not valid YAML or JSON/g)).toHaveLength(1);
    expect(await exceptions('check', join(folder, 'none'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no such file'),
    });
    const json = await exceptions('check', join(folder, 'none'), '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ error: expect.stringContaining('no such file') });
  });

  it.each([['--nope'], ['a', 'b'], ['--format', 'xml']])('2: invalid arguments %s %s', async (...args) => {
    expect(await exceptions('check', ...args)).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage:') });
  });
});

describe('evenkeel exceptions pull', () => {
  const target = join(folder, 'app', '.evenkeel', 'exceptions.json');

  it('writes the published file to the default path', async () => {
    const text = JSON.stringify(published(keys()));
    s3.objects.set('hub/exceptions.json', text);
    const { status, stdout } = await exceptions('pull', 's3://hub/exceptions.json', '--output', target);
    expect(stdout).toBe(`${target}: 1 exception from s3://hub/exceptions.json.\n`);
    expect(readFileSync(target, 'utf8')).toBe(text);
    expect(status).toBe(0);
  });

  it('reads the address from the environment', async () => {
    s3.objects.set('other/exceptions.json', JSON.stringify(published()));
    vi.stubEnv('EVENKEEL_EXCEPTIONS', 's3://other/exceptions.json');
    expect((await exceptions('pull', '--output', target)).stdout).toContain(
      '0 exceptions from s3://other/exceptions.json',
    );
  });

  it.each<[string, string | Error, RegExp]>([
    ['a file of another kind', '{ "a": 1 }', /does not hold published exceptions/],
    ['a truncated file', '{ "schema": "evenkeel.exc', /does not hold published exceptions/],
    ['a later schema', '{ "schema": "evenkeel.exceptions/v9", "exceptions": [] }', /Update evenkeel/],
    [
      'a denied read',
      Object.assign(new Error('Access Denied.'), { name: 'AccessDenied' }),
      /Access Denied\. Use credentials/,
    ],
    [
      'a missing object',
      Object.assign(new Error('No such key.'), { name: 'NoSuchKey' }),
      /Use the address in the output Exceptions/,
    ],
  ])('keeps the existing file after %s', async (_name, found, message) => {
    const before = file('before', 'kept.json');
    s3.objects.set('bad/exceptions.json', found);
    await expect(run(['pull', 's3://bad/exceptions.json', '--output', before])).rejects.toThrow(message);
    expect(readFileSync(before, 'utf8')).toBe('before');
    expect(existsSync(`${before}.new`)).toBe(false);
  });

  it('2: an invalid address', async () => {
    expect(await exceptions('pull', 's3://bucket')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('invalid address'),
    });
  });
});

describe('evenkeel check', () => {
  const template = () =>
    file(
      { Resources: { Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: false } } } },
      'shop.template.json',
    );
  const evaluateFile = (exceptions: readonly Exception[], proposals: readonly Exception[] = []) =>
    output(check, [
      template(),
      '--control',
      'kms-key-rotation',
      '--exceptions',
      file(published(...exceptions)),
      '--proposals',
      file({ exceptions: proposals }),
    ]);

  it('exempts a resource, and names the exception', async () => {
    const { status, stdout } = await evaluateFile([keys()]);
    expect(stdout).toContain('exception front-door');
    expect(stdout).toContain('0 violations');
    expect(status).toBe(0);
  });

  it.each<[string, Partial<Exception>]>([
    ['has expired', { expires: '2026-01-31' }],
    ['is for another stack', { template: { stack: 'Shop' } }],
    ['is for another control', { control: 's3-require-tls' }],
  ])('does not exempt a resource if the exception %s', async (_name, changes) => {
    expect(await evaluateFile([keys(changes)])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('1 violation'),
    });
  });

  it('does not exempt a resource by a proposal, and warns about it', async () => {
    expect(await evaluateFile([], [keys()])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('only proposed'),
    });
  });

  it('fails with an invalid exceptions file', async () => {
    const { status, stderr } = await output(check, [template(), '--exceptions', file('exceptions: 3')]);
    expect(stderr).toContain('must be a list of exceptions');
    expect(status).toBe(2);
  });
});
