import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ObjectLockRetention, S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../../lib/evidence/verify/folder-source.ts';
import type { Verification } from '../../lib/evidence/verify/verification.ts';
import { verify } from '../../lib/evidence/verify/verify.ts';
import { plusDays } from '../../lib/model/time.ts';
import { type Credentials, governed, hub } from '../../sandbox/accounts.ts';
import { breakAndWait, prepare } from '../../sandbox/breakage.ts';
import { makeUser } from '../../sandbox/users.ts';
import { faultsBySchema } from '../evidence/evidence-schema.ts';
import { json } from '../evidence/verify/alterations.ts';
import { filesOf, findsAll, groundOf, put } from '../evidence/verify/try-alterations.ts';
import { controlOf, eye, freshName, world } from './local-aws.ts';
import { evenkeel } from './personas.ts';
import { administrator, DEPLOYMENT, taken } from './principals.ts';
import { Bucket, bodyOf, publicKey, recordKeys, recordOne, runDigest, s3 } from './vault.ts';

/** All that the help says an auditor needs. */
const RIGHTS = [
  's3:ListBucketVersions',
  's3:GetObjectVersion',
  's3:GetObjectRetention',
  'kms:Decrypt',
  'kms:GetPublicKey',
  'cloudformation:DescribeStacks',
];
const root = mkdtempSync(join(tmpdir(), 'evenkeel-'));
const [folder, pem] = [join(root, 'export'), join(root, 'export', 'public-key.pem')];
const nobody = undefined;
let auditor: Credentials;

const judge = (who: Credentials | undefined, what: string, ...more: string[]) =>
  evenkeel(who, 'evidence', 'verify', what, '--public-key', pem, ...more);
const found = (text: string): Verification => JSON.parse(text);

/** Two controls repair, each in a place of its own, and one looks at what is right. */
async function actUp(): Promise<void> {
  const [first = hub, second = hub] = governed;
  for (const [id, place] of [
    ['s3-block-public-access', first],
    ['ec2-restrict-ingress', second],
  ] as const) {
    const prepared = await prepare(world, controlOf(id), place, freshName('evidence'));
    await eye.quiet();
    await breakAndWait(eye, prepared);
    await eye.quiet();
  }
  await recordOne();
}

/** Where the record lies that closed a repair of a bucket. */
async function keyOfRepair(): Promise<string> {
  for (const key of await recordKeys())
    if (key.endsWith('-repair.json')) {
      const { control, outcome } = JSON.parse(await bodyOf(key));
      if (control === 's3-block-public-access' && outcome === 'repaired') return key;
    }
  throw new Error('Nothing was repaired.');
}

beforeAll(async () => {
  auditor = await makeUser(new URL(world.gateway.url), hub.account, freshName('auditor'), RIGHTS);
  for (let turn = 0; turn < 3; turn++) {
    await actUp();
    if (turn < 2) await runDigest();
  }
}, 300_000);
afterAll(() => rmSync(root, { recursive: true }));

describe('the evidence of real repairs', () => {
  it('is exported with an auditor’s rights alone, and all of it', async () => {
    const { code, text } = await evenkeel(auditor, 'evidence', 'export', folder);
    expect(text).toMatch(new RegExp(`\\d+ objects of s3://${Bucket}`));
    expect(code).toBe(0);
    const files = filesOf(folder);
    expect([...files.keys()].filter((key) => key.startsWith('evidence/')).sort()).toEqual((await recordKeys()).sort());
    expect(readFileSync(pem, 'utf8')).toBe((await publicKey()).export({ format: 'pem', type: 'spki' }));
  });

  it('keeps to its published form, each record and each digest', () => {
    for (const [path, bytes] of filesOf(folder)) {
      if (path.startsWith('evidence/')) expect(faultsBySchema('evidence', json(bytes)), path).toBeUndefined();
      if (path.startsWith('digests/')) expect(faultsBySchema('digest', json(bytes)), path).toBeUndefined();
    }
  });

  it('is downloaded once only', async () => {
    expect((await evenkeel(auditor, 'evidence', 'export', folder)).text).toContain('0 of them new.');
  });

  it('is whole in the folder, with no access to AWS', async () => {
    const { code, text } = await judge(nobody, folder);
    expect(text).toContain('whole. Nothing was taken out, added or altered.');
    expect(text).toMatch(/Everything is locked until 20\d\d-/);
    expect(code).toBe(0);
  });

  it('is whole in the vault itself', async () => {
    const { code, text } = await judge(auditor, `s3://${Bucket}`, '--format', 'json');
    expect(found(text)).toMatchObject({ verdict: 'complete', vault: Bucket, findings: [] });
    expect(found(text).lockedUntil).toMatch(/^20\d\d-/);
    expect(code).toBe(0);
  });

  it('tells what a repair did, by the key that a notice names', async () => {
    const { code, text } = await evenkeel(auditor, 'evidence', 'show', await keyOfRepair());
    expect(text).toContain('S3 buckets block public access');
    expect(text).toMatch(
      /^ {2}caused by {2}arn:aws:iam::\d{12}:user\/dev\n {2}origin {5}unmanaged: no stack holds it$/m,
    );
    expect(text).toMatch(/^ {2}outcome {4}repaired/m);
    expect(text).toMatch(/^ {2}\+ .*"BlockPublicAcls": true/m);
    expect(text).toMatch(/The \d records are sound, each with the hash of the one before it/);
    expect(code).toBe(0);
  });

  it('makes a package out of the vault, which stands on its own', async () => {
    const out = join(root, 'package');
    const [from = '', to = ''] = [-1, 0].map((days) => plusDays(new Date().toISOString(), days));
    const parameters = ['--public-key', pem, '--out', out, '--framework', 'fsbp', '--from', from, '--to', to];
    const { code, text } = await evenkeel(auditor, 'evidence', 'pack', '--source', `s3://${Bucket}`, ...parameters);
    expect(text).toContain('The evidence is whole.');
    expect(code).toBe(0);
    const [head = '', ...lines] = readFileSync(join(out, 'summary.csv'), 'utf8').split('\r\n');
    const cells = lines.find((line) => line.startsWith('fsbp,S3.8,'))?.split(',') ?? [];
    expect(Number(cells[head.split(',').indexOf('repaired')])).toBeGreaterThanOrEqual(3);
    const again = await judge(nobody, join(out, 'vault'));
    expect(again.text).toContain('whole. Nothing was taken out, added or altered.');
    expect(again.code).toBe(0);
  });

  it('cannot be judged by who may not read it, nor where it is not', async () => {
    const stranger = await makeUser(new URL(world.gateway.url), hub.account, freshName('stranger'), ['sqs:ListQueues']);
    for (const [who, what, why] of [
      [stranger, `s3://${Bucket}`, `s3://${Bucket} cannot be read: `],
      [auditor, 's3://no-such-vault', 's3://no-such-vault cannot be read: '],
      [nobody, join(root, 'nowhere'), 'There is no folder'],
    ] as const) {
      const { code, text } = await judge(who, what);
      expect(text).toContain(why);
      expect(code).toBe(2);
    }
  });

  it('shows every one of 1000 alterations, and blames nothing else', { timeout: 600_000 }, async () => {
    const keys = [await publicKey()];
    await findsAll(folder, 1000, async () => verify(await openFolder(folder), { keys, now: new Date(), maxAge: 0 }));
  });

  it('tells the auditor what was done to a record, by the command', async () => {
    const files = filesOf(folder);
    const [key = ''] = groundOf(files).records;
    put(folder, new Map([[key, Buffer.from('{}')]]));
    const { code, text } = await judge(nobody, folder);
    put(folder, new Map([[key, files.get(key)]]));
    expect(text).toContain(`  ${key}\n      Its bytes are not those that digest`);
    expect(code).toBe(1);
  });
});

describe('somebody with the role of the deployment, which may take the policy away for a moment,', () => {
  let insider: S3;
  let [hidden, unlocked] = ['', ''];
  let before: ObjectLockRetention | undefined;

  async function unprotected(act: () => Promise<unknown>): Promise<void> {
    const { Policy } = await insider.getBucketPolicy({ Bucket });
    await insider.deleteBucketPolicy({ Bucket });
    try {
      await act();
    } finally {
      await insider.putBucketPolicy({ Bucket, Policy });
    }
  }
  const release = (Retention: ObjectLockRetention | undefined) =>
    insider.putObjectRetention({ Bucket, Key: unlocked, Retention, BypassGovernanceRetention: true });

  beforeAll(async () => {
    const credentials = await taken(DEPLOYMENT, await administrator());
    insider = new S3({ endpoint: world.gateway.url, region: hub.region, credentials });
    [hidden = '', unlocked = ''] = groundOf(filesOf(folder)).records;
    before = (await s3.getObjectRetention({ Bucket, Key: unlocked })).Retention;
    await expect(insider.deleteObject({ Bucket, Key: hidden })).rejects.toMatchObject({ name: 'AccessDenied' });
    await unprotected(async () => {
      await insider.deleteObject({ Bucket, Key: hidden });
      await insider.putObject({ Bucket, Key: hidden, Body: '{}' });
      await release({ Mode: 'GOVERNANCE', RetainUntilDate: new Date(Date.now() + 3_600_000) });
    });
  });
  afterAll(async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket, Prefix: hidden });
    const oldest = Versions.at(-1);
    await unprotected(async () => {
      for (const { VersionId } of [...Versions, ...DeleteMarkers].filter((version) => version !== oldest))
        await insider.deleteObject({ Bucket, Key: hidden, VersionId, BypassGovernanceRetention: true });
      await release(before);
    });
    expect(found((await judge(auditor, `s3://${Bucket}`, '--format', 'json')).text)).toMatchObject({
      verdict: 'complete',
      notes: expect.not.arrayContaining([expect.objectContaining({ kind: 'shorter-lock' })]),
    });
  });

  it.each([
    ['the vault', () => `s3://${Bucket}`],
    ['an export of it', () => join(root, 'later')],
  ])('leaves a delete marker, a second version and a shorter lock, and %s tells of each', async (_, what) => {
    if (!what().startsWith('s3:')) await evenkeel(auditor, 'evidence', 'export', what());
    const { code, text } = await judge(auditor, what(), '--format', 'json');
    expect(
      found(text)
        .findings.map(({ kind, key }) => [kind, key])
        .sort(),
    ).toEqual([
      ['hidden', hidden],
      ['rewritten', hidden],
    ]);
    expect(found(text).notes).toContainEqual(expect.objectContaining({ kind: 'shorter-lock', keys: [unlocked] }));
    expect(code).toBe(1);
  });
});
