import { createPublicKey } from 'node:crypto';
import { exportEvidence } from '../../lib/evidence/verify/export-evidence.ts';
import { EXPORT } from '../../lib/evidence/verify/export-listing.ts';
import { listed } from '../../lib/text/words.ts';
import { openVault, vaultOfHub } from './evidence-input.ts';
import { FORMAT_OPTION, type Help } from './help.ts';
import { day, FORMAT, positional, printer, subcommand, UsageError } from './subcommand.ts';

const help: Help = {
  name: 'evidence export',
  summary: 'Copy evidence from the vault to a folder, with everything that an auditor needs to verify it without AWS.',
  usage: '<folder> [options]',
  options: [
    ['<folder>', 'The folder for the evidence.'],
    ['--from <day>', 'First day, in UTC, such as 2026-01-31. Default: no limit.'],
    ['--to <day>', 'Last day. Default: no limit.'],
    ['--vault <bucket>', 'The vault. Default: the vault of the hub stack in the current account and region.'],
    FORMAT_OPTION,
  ],
  details: `The command copies records and digests under their keys, and writes ${EXPORT.publicKey}, ${EXPORT.header} and ${EXPORT.objects}. The last file lists the version and lock of each object, and every later version and delete marker. With --from or --to, the export includes the digests that cover these days. If the export stops early, run it again: it copies only missing objects and overwrites nothing.

Nothing is changed in AWS. You need s3:ListBucketVersions on the bucket, s3:GetObjectVersion and s3:GetObjectRetention on its objects, kms:Decrypt with the vault's key, and kms:GetPublicKey of the signing key. Without --vault you also need cloudformation:DescribeStacks on the hub stack.`,
  examples: ['evidence export ./evidence --from 2026-01-01 --to 2026-03-31'],
  exitCodes: '0 success, 2 error.',
};
const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  vault: { type: 'string' },
  format: FORMAT,
} as const;

/** Runs the subcommand, and returns its exit code. */
export const run = subcommand({ help, options }, async ({ values, positionals }) => {
  const [folder] = positional(['folder'], positionals);
  const print = printer(values.format);
  const [from, to] = [day('from', values.from), day('to', values.to)];
  if (from && to && from > to) throw new UsageError(`--from ${from} is after --to ${to}.`);
  const bucket = await openVault(values.vault ?? (await vaultOfHub('Set the bucket with --vault.')));
  const { objects, downloaded, keys } = await exportEvidence({ bucket, folder, from, to, now: new Date(), publicKey });
  const next =
    keys.length > 0
      ? `Signed by ${listed(keys)}.\nVerify the export: evenkeel evidence verify ${folder} --public-key <the key that you trust>\n`
      : 'The vault has no digest yet, so the export cannot be verified. The hub writes a digest every hour.\n';
  print(`${folder}: ${objects} objects of ${bucket.name}, ${downloaded} of them new.\n${next}`, {
    folder,
    vault: bucket.name,
    objects,
    downloaded,
    keys,
  });
  return 0;
});

async function publicKey(arn: string): Promise<string> {
  const { KMS } = await import('@aws-sdk/client-kms');
  const [, , , region] = arn.split(':');
  const { PublicKey } = await new KMS({ region }).getPublicKey({ KeyId: arn });
  if (!PublicKey) throw new Error(`KMS returned no public key for ${arn}. Check that the key still exists.`);
  return String(
    createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }).export({
      format: 'pem',
      type: 'spki',
    }),
  );
}
