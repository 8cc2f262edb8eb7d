import { render } from '../../lib/evidence/verify/verification-text.ts';
import { verify } from '../../lib/evidence/verify/verify.ts';
import { openSource } from './evidence-source.ts';
import { readKeys } from './public-keys.ts';
import { FORMAT, formatOf, subcommand, UsageError } from './subcommand.ts';

const help = `Tells whether evidence is whole: that nothing was taken out, added or altered since it was written.

Usage: evenkeel evidence verify <folder|s3://bucket> --public-key <file.pem> [--max-age <duration>] [--format human|json]

  --public-key  the key that Evenkeel signs with; several in one file where it was replaced. Get it from the account's owner
                and keep it: a key that came with the evidence proves nothing against whoever gave you both
  --max-age     tell of a last digest that is older than so many minutes, hours or days: 90m, 3h (the default), 2d
  --format      human for people (the default), or json for all that was found

Example: evenkeel evidence verify ./evidence --public-key evenkeel.pem

A folder needs no AWS credentials. A bucket needs s3:ListBucketVersions on it, s3:GetObjectVersion and
s3:GetObjectRetention on its objects, and kms:Decrypt with its key.
Exit codes: 0 whole, 1 broken, 2 could not be judged.
`;
const options = {
  'public-key': { type: 'string' },
  'max-age': { type: 'string', default: '3h' },
  format: FORMAT,
} as const;

/** Runs the command, and gives its exit code. */
export const run = subcommand({ name: 'evidence verify', help, options }, async ({ values, positionals }) => {
  const { 'public-key': pem, 'max-age': maxAge, format } = values;
  const [name] = positionals;
  if (name === undefined || positionals.length > 1) throw new UsageError('name one folder or one bucket.');
  if (pem === undefined) throw new UsageError('--public-key is missing.');
  formatOf(format);
  const [keys, age] = [await readKeys(pem), milliseconds(maxAge)];
  const found = await verify(await openSource(name), { keys, now: new Date(), maxAge: age });
  process.stdout.write(format === 'json' ? `${JSON.stringify(found, undefined, 2)}\n` : render(found));
  switch (found.verdict) {
    case 'complete':
      return 0;
    case 'broken':
      return 1;
    case 'unjudged':
      return 2;
    default:
      return found.verdict satisfies never;
  }
});

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function milliseconds(duration: string): number {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(duration) ?? [];
  if (unit !== 'm' && unit !== 'h' && unit !== 'd')
    throw new UsageError(`--max-age is "${duration}"; write it as 90m, 3h or 2d.`);
  return Number(count) * UNITS[unit];
}
