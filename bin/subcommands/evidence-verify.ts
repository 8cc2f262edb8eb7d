import { verificationText } from '../../lib/evidence/verify/verification-text.ts';
import { verify } from '../../lib/evidence/verify/verify.ts';
import { jsonText } from '../../lib/text/printable.ts';
import { openSource, readKeys } from './evidence-input.ts';
import { FORMAT_OPTION, type Help } from './help.ts';
import { FORMAT, formatOf, positional, required, subcommand, UsageError } from './subcommand.ts';

const help: Help = {
  name: 'evidence verify',
  summary: 'Verify that no evidence was removed, added or changed after it was written.',
  usage: '<folder|s3://bucket> --public-key <file> [options]',
  options: [
    ['<folder|s3://bucket>', 'An exported folder, or the vault itself.'],
    [
      '--public-key <file>',
      'The public key of the hub in PEM format. If the key was replaced, the file holds the old and the new one. Required. Get it in advance from the owner of the hub account: a key that comes with the evidence proves nothing.',
    ],
    ['--max-age <duration>', 'Warn if the last digest is older than this, such as 90m, 3h or 2d. Default: 3h.'],
    [
      '--expect <sha256>',
      'The SHA-256 of a digest from another source than the evidence. The evidence is broken if no digest has it, because the last digests were removed or made again.',
    ],
    [
      '--vault <name>',
      'The name of the vault, for a folder without export.json. Digests of another vault break the evidence.',
    ],
    FORMAT_OPTION,
  ],
  details:
    "A folder needs no AWS credentials. For a bucket you need s3:ListBucketVersions on it, s3:GetObjectVersion and s3:GetObjectRetention on its objects, and kms:Decrypt with the vault's key.",
  examples: ['evidence verify ./evidence --public-key evenkeel.pem'],
  exitCodes: '0 complete and unchanged, 1 broken, 2 error or nothing to verify.',
};
const options = {
  'public-key': { type: 'string' },
  'max-age': { type: 'string', default: '3h' },
  expect: { type: 'string' },
  vault: { type: 'string' },
  format: FORMAT,
} as const;

/** Runs the subcommand, and returns its exit code. */
export const run = subcommand({ help, options }, async ({ values, positionals }) => {
  const { 'max-age': maxAge, format, expect, vault } = values;
  const [name] = positional(['folder|s3://bucket'], positionals);
  const pem = required('public-key', values['public-key']);
  formatOf(format);
  const [keys, age] = [await readKeys(pem), milliseconds(maxAge)];
  if (expect !== undefined && !/^[0-9a-f]{64}$/.test(expect))
    throw new UsageError(
      `invalid --expect "${expect}". Write the SHA-256 of a digest as 64 hexadecimal digits in lower case.`,
    );
  const source = await openSource(name);
  if (vault !== undefined && source.vault !== undefined && source.vault !== vault)
    throw new UsageError(`${name} belongs to the vault ${source.vault}, not to ${vault}.`);
  const verification = await verify(source, { keys, now: new Date(), maxAge: age, expect, vault });
  process.stdout.write(format === 'json' ? `${jsonText(verification)}\n` : verificationText(verification));
  switch (verification.verdict) {
    case 'complete':
      return 0;
    case 'broken':
      return 1;
    case 'unverified':
      return 2;
    default:
      return verification.verdict satisfies never;
  }
});

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function milliseconds(duration: string): number {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(duration) ?? [];
  if (unit !== 'm' && unit !== 'h' && unit !== 'd')
    throw new UsageError(`invalid --max-age "${duration}". Write it as 90m, 3h or 2d.`);
  return Number(count) * UNITS[unit];
}
