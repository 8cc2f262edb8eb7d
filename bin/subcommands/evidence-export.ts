import { createPublicKey } from 'node:crypto';
import { exportEvidence } from '../../lib/evidence/verify/export-evidence.ts';
import { EXPORT } from '../../lib/evidence/verify/export-listing.ts';
import { openVault, vaultOfHub } from './evidence-source.ts';
import { day, FORMAT, printer, subcommand, UsageError } from './subcommand.ts';

const help = `Brings evidence out of the vault: records, digests, and what an auditor needs to verify them without AWS.

Usage: evenkeel evidence export <folder> [--from <day>] [--to <day>] [--vault <bucket>] [--format human|json]

  --from, --to  only these days, such as 2026-01-31 in UTC, both included, with the digests that cover them
  --vault       the bucket; the hub stack of the account and region that you are in tells it otherwise
  --format      human for people (the default), or json

Example: evenkeel evidence export ./evidence --from 2026-01-01 --to 2026-03-31

Beside the objects, under their keys, it leaves ${EXPORT.publicKey}, ${EXPORT.header}, and in ${EXPORT.objects} each
object's version and lock and every further version and delete marker. Run it again if it is broken off: it brings only
what is missing, and overwrites nothing.
It changes nothing in AWS. It needs s3:ListBucketVersions on the bucket, s3:GetObjectVersion and s3:GetObjectRetention on
its objects, kms:Decrypt with its key, kms:GetPublicKey of the key that signs, and without --vault
cloudformation:DescribeStacks on the hub stack.
Exit codes: 0 all was brought, 2 not all.
`;
const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  vault: { type: 'string' },
  format: FORMAT,
} as const;

/** Runs the command, and gives its exit code. */
export const run = subcommand({ name: 'evidence export', help, options }, async ({ values, positionals }) => {
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1) throw new UsageError('name one folder.');
  const print = printer(values.format);
  const [from, to] = [day('from', values.from), day('to', values.to)];
  if (from && to && from > to) throw new UsageError(`--from ${from} is after --to ${to}.`);
  const bucket = await openVault(values.vault ?? (await vaultOfHub()));
  const { objects, brought, keys } = await exportEvidence({ bucket, folder, from, to, now: new Date(), publicKey });
  const next =
    keys.length > 0
      ? `Signed by ${keys.join(', ')}.\nVerify it: evenkeel evidence verify ${folder} --public-key <the key that you trust>\n`
      : 'No digest is there yet, so that nothing can be verified: the hub makes one each hour.\n';
  print(`${folder}: ${objects} objects of ${bucket.name}, ${brought} of them new.\n${next}`, {
    folder,
    vault: bucket.name,
    objects,
    brought,
    keys,
  });
  return 0;
});

async function publicKey(arn: string): Promise<string> {
  const { KMS } = await import('@aws-sdk/client-kms');
  const [, , , region] = arn.split(':');
  const { PublicKey } = await new KMS({ region }).getPublicKey({ KeyId: arn });
  if (!PublicKey) throw new Error(`KMS gave no public key for ${arn}.`);
  return String(
    createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }).export({
      format: 'pem',
      type: 'spki',
    }),
  );
}
