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

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-register-'));
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
const register = (...args: string[]) => output(run, args);

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

describe('evenkeel register check', () => {
  it('0: it can be used, with remarks that are no failure unless one asks', async () => {
    const path = file({ exceptions: [keys({ template: { stack: 'shop' } })] });
    const { status, stdout } = await register('check', path);
    expect(stdout).toContain(
      `${path}:1:16  Exception front-door spares every resource of the stack shop.  exception-broad`,
    );
    expect(stdout).toContain(`${path}: 1 exception, 1 remark.\n`);
    expect(status).toBe(0);
    expect(await register('check', path, '--strict')).toMatchObject({ status: 1 });
  });

  it('reads what the hub published, and answers in JSON', async () => {
    const { status, stdout } = await register('check', file(published(keys())), '--strict', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ exceptions: [{ id: 'front-door' }], notes: [] });
    expect(status).toBe(0);
  });

  it('2: it cannot be used, and why, with the first place alone where it is not even YAML', async () => {
    const { status, stderr } = await register('check', file({ exceptions: [keys({ control: 'kms' })] }));
    expect(stderr).toMatch(
      /:1:\d+ {2}exceptions\.0\.control: there is no control "kms"; the controls are .*kms-key-rotation/,
    );
    expect(status).toBe(2);
    const broken = await register('check', file('exceptions: [\n- a: b: c\n}'));
    expect(broken.stderr.match(/neither YAML nor JSON/g)).toHaveLength(1);
    expect(await register('check', join(folder, 'none'))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no such file'),
    });
    const json = await register('check', join(folder, 'none'), '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ error: expect.stringContaining('no such file') });
  });

  it.each([['--nope'], ['a', 'b'], ['--format', 'xml']])('2: wrong usage %s %s', async (...args) => {
    expect(await register('check', ...args)).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage:') });
  });
});

describe('evenkeel register pull', () => {
  const target = join(folder, 'app', '.evenkeel', 'exceptions.json');

  it('puts the published register where it is looked for', async () => {
    const text = JSON.stringify(published(keys()));
    s3.objects.set('hub/register.json', text);
    const { status, stdout } = await register('pull', 's3://hub/register.json', '--output', target);
    expect(stdout).toBe(`${target}: 1 exception from s3://hub/register.json.\n`);
    expect(readFileSync(target, 'utf8')).toBe(text);
    expect(status).toBe(0);
  });

  it('takes the address from the environment', async () => {
    s3.objects.set('other/register.json', JSON.stringify(published()));
    vi.stubEnv('EVENKEEL_EXCEPTIONS', 's3://other/register.json');
    expect((await register('pull', '--output', target)).stdout).toContain('0 exceptions from s3://other/register.json');
  });

  it.each<[string, string | Error, RegExp]>([
    ['what is no register', '{ "a": 1 }', /is no published register/],
    ['what is cut short', '{ "schema": "evenkeel.reg', /is no published register/],
    ['a later schema', '{ "schema": "evenkeel.exceptions/v9", "exceptions": [] }', /update evenkeel/],
    [
      'what may not be read',
      Object.assign(new Error('Access Denied.'), { name: 'AccessDenied' }),
      /Access Denied\. Call as somebody/,
    ],
    [
      'what is not there',
      Object.assign(new Error('No such key.'), { name: 'NoSuchKey' }),
      /Take the address from the hub stack/,
    ],
  ])('leaves what was there for %s', async (_name, found, message) => {
    const before = file('before', 'kept.json');
    s3.objects.set('bad/register.json', found);
    await expect(run(['pull', 's3://bad/register.json', '--output', before])).rejects.toThrow(message);
    expect(readFileSync(before, 'utf8')).toBe('before');
    expect(existsSync(`${before}.new`)).toBe(false);
  });

  it('2: an address that is none', async () => {
    expect(await register('pull', 's3://bucket')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is no address'),
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
      '--controls',
      'kms-key-rotation',
      '--register',
      file(published(...exceptions)),
      '--proposals',
      file({ exceptions: proposals }),
    ]);

  it('is clean where the register spares, and says by whose leave', async () => {
    const { status, stdout } = await evaluateFile([keys()]);
    expect(stdout).toContain('exception front-door');
    expect(stdout).toContain('0 violations');
    expect(status).toBe(0);
  });

  it.each<[string, Partial<Exception>]>([
    ['has expired', { expires: '2026-01-31' }],
    ['is for another stack', { template: { stack: 'Shop' } }],
    ['is for another control', { control: 's3-require-tls' }],
  ])('is not where the entry %s', async (_name, changes) => {
    expect(await evaluateFile([keys(changes)])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('1 violation'),
    });
  });

  it('is not by a proposal alone, which it remarks on', async () => {
    expect(await evaluateFile([], [keys()])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('only proposed'),
    });
  });

  it('cannot judge by a register that cannot be used', async () => {
    const { status, stderr } = await output(check, [template(), '--register', file('exceptions: 3')]);
    expect(stderr).toContain('must be the list of exceptions');
    expect(status).toBe(2);
  });
});
