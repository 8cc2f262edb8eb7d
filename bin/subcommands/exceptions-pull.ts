import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorMessage } from '../../lib/evaluate/verdict.ts';
import { DEFAULTS } from '../../lib/exceptions/files.ts';
import { parsePublishedExceptions } from '../../lib/exceptions/read-file.ts';
import { pluralize } from '../../lib/text/words.ts';
import { hubOutput } from './stack-output.ts';
import { FORMAT, printer, subcommand, UsageError } from './subcommand.ts';

const help = `Brings the register of exceptions that the hub published to where the gate of this app looks for it.

Usage: evenkeel register pull [s3://bucket/key] [--output <file>] [--format human|json]

  s3://     where it lies: the hub stack's output Register. EVENKEEL_EXCEPTIONS says it for every run; without both, the hub
            stack of the account and region that you are in is asked
  --output  where to put it: ${DEFAULTS.register} unless told. Do not commit it: fetch it before each check
  --format  human for people (the default), or json

Example: evenkeel register pull s3://my-register/register.json

It needs s3:GetObject on the file, which its bucket gives to every account of the organization or, without one, to the
governed accounts, and without an address cloudformation:DescribeStacks on the hub stack.
Exit codes: 0 it is there, 2 it could not be fetched; what was there before is then left as it was.
`;
const options = { output: { type: 'string', default: DEFAULTS.register }, format: FORMAT } as const;

/** Runs the command, and gives its exit code. */
export const run = subcommand({ name: 'register pull', help, options }, async ({ values, positionals }) => {
  if (positionals.length > 1) throw new UsageError('name one address.');
  const print = printer(values.format);
  const uri = positionals[0] ?? process.env.EVENKEEL_EXCEPTIONS ?? (await registerOfHub());
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (Bucket === undefined || Key === undefined)
    throw new UsageError(`"${uri}" is no address such as s3://bucket/register.json.`);
  const text = await fetched(Bucket, Key);
  const register = parsePublishedExceptions(text, uri);
  if (!register) throw new Error(`${uri} is no published register of exceptions.`);
  await put(values.output, text);
  const { length } = register.exceptions;
  print(`${values.output}: ${pluralize(length, 'exception')} from ${uri}.\n`, {
    file: values.output,
    from: uri,
    exceptions: length,
  });
  return 0;
});

const registerOfHub = () =>
  hubOutput('Exceptions', 'be in its account and region, or name the address, s3://bucket/register.json');

async function fetched(Bucket: string, Key: string): Promise<string> {
  const { S3 } = await import('@aws-sdk/client-s3');
  try {
    const { Body } = await new S3({ followRegionRedirects: true }).getObject({ Bucket, Key });
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    const remedy = error instanceof Error ? REMEDIES[error.name] : undefined;
    throw new Error(`s3://${Bucket}/${Key} cannot be fetched: ${errorMessage(error)} ${remedy ?? ''}`.trimEnd());
  }
}

const REMEDIES: { readonly [error: string]: string } = {
  AccessDenied: 'Call as somebody of a governed account, or of the organization, who has s3:GetObject on it.',
  NoSuchBucket: "Take the address from the hub stack's output Register.",
  NoSuchKey: "Take the address from the hub stack's output Register; the hub publishes there when it is deployed.",
};

/** All of it or nothing, for a gate may read while it is written. */
async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
