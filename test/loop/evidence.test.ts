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
import { breakAndWait, prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { schemaErrors } from '../evidence/evidence-schema.ts';
import { json } from '../evidence/verify/alterations.ts';
import { filesOf, findsAll, provableIn, put } from '../evidence/verify/try-alterations.ts';
import { controlOf, freshName, inspector, localAws } from './local-aws.ts';
import { evenkeel } from './personas.ts';
import { administrator, credentialsOf, DEPLOYMENT } from './principals.ts';
import { Bucket, bodyOf, publicKey, recordKeys, recordOne, runDigest, s3 } from './vault.ts';

/** The rights of an auditor, as the help lists them. */
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
const withoutCredentials = undefined;
let auditor: Credentials;

const verifyAs = (caller: Credentials | undefined, source: string, ...more: string[]) =>
  evenkeel(caller, 'evidence', 'verify', source, '--public-key', pem, ...more);
const parsed = (text: string): Verification => JSON.parse(text);

/** Lets two controls repair, each in its own account and region, and one evaluate a compliant setting. */
async function makeEvidence(): Promise<void> {
  const [first = hub, second = hub] = governed;
  for (const [id, place] of [
    ['s3-block-public-access', first],
    ['ec2-restrict-ingress', second],
  ] as const) {
    const prepared = await prepare(localAws, controlOf(id), place, freshName('evidence'));
    await inspector.quiet();
    await breakAndWait(inspector, prepared);
    await inspector.quiet();
  }
  await recordOne();
}

/** The key of the record that closed the repair of a bucket. */
async function keyOfRepair(): Promise<string> {
  for (const key of await recordKeys())
    if (key.endsWith('-repair.json')) {
      const { control, outcome } = JSON.parse(await bodyOf(key));
      if (control === 's3-block-public-access' && outcome === 'repaired') return key;
    }
  throw new Error('No bucket was repaired.');
}

beforeAll(async () => {
  auditor = await makeUser(new URL(localAws.gateway.url), hub.account, freshName('auditor'), RIGHTS);
  for (let turn = 0; turn < 3; turn++) {
    await makeEvidence();
    if (turn < 2) await runDigest();
  }
}, 300_000);
afterAll(() => rmSync(root, { recursive: true }));

describe('the evidence of real repairs', () => {
  it('is exported completely with the rights of an auditor', async () => {
    const { code, text } = await evenkeel(auditor, 'evidence', 'export', folder);
    expect(text).toMatch(new RegExp(`\\d+ objects of s3://${Bucket}`));
    expect(code).toBe(0);
    const files = filesOf(folder);
    expect([...files.keys()].filter((key) => key.startsWith('evidence/')).sort()).toEqual((await recordKeys()).sort());
    expect(readFileSync(pem, 'utf8')).toBe((await publicKey()).export({ format: 'pem', type: 'spki' }));
  });

  it('matches the published schemas', () => {
    for (const [path, bytes] of filesOf(folder)) {
      if (path.startsWith('evidence/')) expect(schemaErrors('evidence', json(bytes)), path).toBeUndefined();
      if (path.startsWith('digests/')) expect(schemaErrors('digest', json(bytes)), path).toBeUndefined();
    }
  });

  it('is downloaded only once', async () => {
    expect((await evenkeel(auditor, 'evidence', 'export', folder)).text).toContain('0 of them new.');
  });

  it('is complete in the folder, without access to AWS', async () => {
    const { code, text } = await verifyAs(withoutCredentials, folder);
    expect(text).toMatch(/complete until \S+Z\. No record or digest up to then was removed, added or altered\./);
    expect(text).toMatch(/Every object is locked until at least 20\d\d-/);
    expect(code).toBe(0);
  });

  it('is complete in the vault itself', async () => {
    const { code, text } = await verifyAs(auditor, `s3://${Bucket}`, '--format', 'json');
    expect(parsed(text)).toMatchObject({ verdict: 'complete', vault: Bucket, findings: [] });
    expect(parsed(text).lockedUntil).toMatch(/^20\d\d-/);
    expect(code).toBe(0);
  });

  it('shows a repair by the key in a notification', async () => {
    const { code, text } = await evenkeel(auditor, 'evidence', 'show', await keyOfRepair());
    expect(text).toContain('S3 buckets block public access');
    expect(text).toMatch(
      /^ {2}changed by {2}arn:aws:iam::\d{12}:user\/dev\n {2}origin {6}unmanaged: it belongs to no stack$/m,
    );
    expect(text).toMatch(/^ {2}outcome {5}repaired/m);
    expect(text).toMatch(/^ {2}\+ .*"BlockPublicAcls": true/m);
    expect(text).toMatch(/The \d records are valid: each has the hash of the one before it/);
    expect(code).toBe(0);
  });

  it('makes an audit report that can be verified by itself', async () => {
    const out = join(root, 'report');
    const [from = '', to = ''] = [-1, 0].map((days) => plusDays(new Date().toISOString(), days));
    const parameters = ['--public-key', pem, '--out', out, '--framework', 'fsbp', '--from', from, '--to', to];
    const { code, text } = await evenkeel(auditor, 'evidence', 'report', '--source', `s3://${Bucket}`, ...parameters);
    expect(text).toContain('The evidence is complete and unaltered.');
    expect(code).toBe(0);
    const [head = '', ...lines] = readFileSync(join(out, 'summary.csv'), 'utf8').split('\r\n');
    const cells = lines.find((line) => line.startsWith('fsbp,S3.8,'))?.split(',') ?? [];
    expect(Number(cells[head.split(',').indexOf('repaired')])).toBeGreaterThanOrEqual(3);
    const again = await verifyAs(withoutCredentials, join(out, 'vault'));
    expect(again.text).toMatch(/complete until \S+Z\. No record or digest up to then was removed, added or altered\./);
    expect(again.code).toBe(0);
  });

  it('cannot be verified without access or without a source', async () => {
    const otherUser = await makeUser(new URL(localAws.gateway.url), hub.account, freshName('no-access'), [
      'sqs:ListQueues',
    ]);
    for (const [caller, source, message] of [
      [otherUser, `s3://${Bucket}`, `Cannot read s3://${Bucket}: `],
      [auditor, 's3://no-such-vault', 'Cannot read s3://no-such-vault: '],
      [withoutCredentials, join(root, 'missing'), 'is not a folder.'],
    ] as const) {
      const { code, text } = await verifyAs(caller, source);
      expect(text).toContain(message);
      expect(code).toBe(2);
    }
  });

  it('reports each of 1000 alterations, and no other object', { timeout: 600_000 }, async () => {
    const keys = [await publicKey()];
    await findsAll(folder, 1000, async () => verify(await openFolder(folder), { keys, now: new Date(), maxAge: 0 }));
  });

  it('names an altered record in the text', async () => {
    const files = filesOf(folder);
    const [key = ''] = provableIn(files).digested;
    put(folder, new Map([[key, Buffer.from('{}')]]));
    const { code, text } = await verifyAs(withoutCredentials, folder);
    put(folder, new Map([[key, files.get(key)]]));
    expect(text).toContain(`  ${key}\n      Its bytes differ from those that digest`);
    expect(code).toBe(1);
  });
});

describe('a principal with the role of the deployment, which can remove the bucket policy,', () => {
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
    const credentials = await credentialsOf(DEPLOYMENT, await administrator());
    insider = new S3({ endpoint: localAws.gateway.url, region: hub.region, credentials });
    [hidden = '', unlocked = ''] = provableIn(filesOf(folder)).digested;
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
    expect(parsed((await verifyAs(auditor, `s3://${Bucket}`, '--format', 'json')).text)).toMatchObject({
      verdict: 'complete',
      notes: expect.not.arrayContaining([expect.objectContaining({ kind: 'shorter-lock' })]),
    });
  });

  it.each([
    ['the vault', () => `s3://${Bucket}`],
    ['an export of it', () => join(root, 'later')],
  ])('leaves a delete marker, a second version and a shorter lock, and %s shows them', async (_, source) => {
    if (!source().startsWith('s3:')) await evenkeel(auditor, 'evidence', 'export', source());
    const { code, text } = await verifyAs(auditor, source(), '--format', 'json');
    expect(
      parsed(text)
        .findings.map(({ kind, key }) => [kind, key])
        .sort(),
    ).toEqual([
      ['hidden', hidden],
      ['rewritten', hidden],
    ]);
    expect(parsed(text).notes).toContainEqual(expect.objectContaining({ kind: 'shorter-lock', keys: [unlocked] }));
    expect(code).toBe(1);
  });
});
