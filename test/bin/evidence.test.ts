import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../bin/subcommands/evidence.ts';
import { exportEvidence } from '../../lib/evidence/verify/export-evidence.ts';
import { bucketOf } from '../evidence/verify/bucket.ts';
import { filesOf, provableIn, put } from '../evidence/verify/try-alterations.ts';
import { endOf, makeVault, ours } from '../evidence/verify/vault.ts';
import { said } from './command.ts';

const root = mkdtempSync(join(tmpdir(), 'evenkeel-'));
const SIZE = { executions: 20, hours: 6 };
const [folder, pem] = [join(root, 'export'), join(root, 'key.pem')];
const publicKey = String(ours.publicKey.export({ format: 'pem', type: 'spki' }));

beforeAll(async () => {
  writeFileSync(pem, publicKey);
  await exportEvidence({
    bucket: bucketOf(makeVault(SIZE)),
    folder,
    now: endOf(SIZE),
    publicKey: async () => publicKey,
  });
});
afterAll(() => rmSync(root, { recursive: true }));

const evidence = (...args: string[]) => said(run, ...args);
const verify = (...args: string[]) => evidence('verify', ...args);

describe('evenkeel evidence verify', () => {
  it('0: complete evidence, in few lines', async () => {
    const { status, stdout } = await verify(folder, '--public-key', pem);
    expect(stdout).toMatch(
      /^.*: complete until [-\d]{10}T[:.\d]+Z\. No record or digest up to then was removed, added or altered\.\n/,
    );
    expect(stdout).toContain('Complete from the beginning to ');
    expect(stdout).toContain('(digests 1 to 5).');
    expect(stdout.split('\n').length).toBeLessThan(15);
    expect(status).toBe(0);
  });

  it('1: broken evidence, with object, problem and remedy, and without its state', async () => {
    const files = filesOf(folder);
    const [key = ''] = provableIn(files).digested;
    put(folder, new Map([[key, Buffer.from(String(files.get(key)).replace('platform', 'platf0rm'))]]));
    const { status, stdout } = await verify(folder, '--public-key', pem);
    const json = await verify(folder, '--public-key', pem, '--format', 'json');
    put(folder, new Map([[key, files.get(key)]]));
    expect(stdout).toContain('BROKEN. 1 finding.');
    expect(stdout).toMatch(/altered \(1\)\. Get the version that the digest lists from the vault/);
    expect(stdout).toContain(`  ${key}\n      Its bytes differ from those that digest`);
    expect(stdout + json.stdout).not.toMatch(/BlockPublicAcls|platf0rm/);
    expect(JSON.parse(json.stdout)).toMatchObject({ verdict: 'broken', findings: [{ kind: 'altered', key }] });
    expect([status, json.status]).toEqual([1, 1]);
  });

  it('2: nothing to verify', async () => {
    const { status, stdout } = await verify(root, '--public-key', pem);
    expect(stdout).toContain('could not be verified');
    expect(stdout).toContain('No digest is signed by one of the given public keys');
    expect(status).toBe(2);
  });

  it('reports a last digest that is older than --max-age', async () => {
    expect((await verify(folder, '--public-key', pem)).stdout).not.toContain('older than the export');
    const { status, stdout } = await verify(folder, '--public-key', pem, '--max-age', '30m');
    expect(stdout).toContain('older than the export');
    expect(status).toBe(0);
  });

  it.each([
    [[], 'missing argument <folder|s3://bucket>'],
    [['a', 'b'], 'unexpected argument "b"'],
    [['a'], 'missing option --public-key'],
    [['a', '--public-key', pem, '--format', 'xml'], 'invalid --format "xml"'],
    [['a', '--public-key', pem, '--max-age', 'soon'], 'invalid --max-age "soon"'],
    [['a', '--nope'], "Unknown option '--nope'"],
  ])('2: invalid arguments %j', async (args, message) => {
    const { status, stderr } = await verify(...args);
    expect(stderr).toContain(message);
    expect(stderr).toContain('Example:\n  evenkeel evidence verify');
    expect(status).toBe(2);
  });

  const file = (name: string, text: string) => {
    writeFileSync(join(root, name), text);
    return join(root, name);
  };
  const rsa = () =>
    String(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'pem', type: 'spki' }));
  it.each<[string, () => string, RegExp]>([
    ['a missing file', () => join(root, 'none.pem'), /Cannot read the public key/],
    ['a file without a key', () => file('text.pem', 'hello'), /has no public key/],
    [
      'a private key',
      () =>
        file(
          'private.pem',
          String(
            createPrivateKey(ours.privateKey.export({ format: 'pem', type: 'pkcs8' })).export({
              format: 'pem',
              type: 'pkcs8',
            }),
          ),
        ),
      /has no public key/,
    ],
    ['a damaged key', () => file('damaged.pem', publicKey.replace(/M/, '-')), /Key 1 of .* is damaged/],
    ['a key of another type', () => file('rsa.pem', rsa()), /not a key on the curve P-256/],
  ])('rejects %s', async (_, path, message) => {
    await expect(verify(folder, '--public-key', path())).rejects.toThrow(message);
  });
  it('rejects an invalid source', async () => {
    await expect(verify(join(root, 'none'), '--public-key', pem)).rejects.toThrow('is not a folder');
    await expect(verify('s3://bucket/prefix', '--public-key', pem)).rejects.toThrow('Write it as s3://bucket');
  });
});

describe('evenkeel evidence', () => {
  it('prints help', async () => {
    for (const args of [['--help'], ['verify', '--help'], ['export', '-h']]) {
      const { status, stdout } = await evidence(...args);
      expect(stdout).toMatch(/Example:\n {2}evenkeel evidence (verify|export)/);
      expect(status).toBe(0);
    }
  });
  it.each([
    [['export'], 'missing argument <folder>'],
    [['export', 'f', '--from', '2026-02-30'], 'invalid --from "2026-02-30"'],
    [['export', 'f', '--from', '2026-03-02', '--to', '2026-03-01'], '--from 2026-03-02 is after --to 2026-03-01'],
  ])('2: invalid arguments %j', async (args, message) => {
    const { status, stderr } = await evidence(...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
