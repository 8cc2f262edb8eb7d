import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EXCEPTIONS_KEY } from '../../lib/exceptions/exception.ts';
import { DEFAULTS } from '../../lib/exceptions/files.ts';
import { parsePublishedExceptions } from '../../lib/exceptions/read-file.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import { pluralize } from '../../lib/text/words.ts';
import { FORMAT_OPTION, type Help } from './help.ts';
import { hubOutput } from './hub-address.ts';
import { FORMAT, printer, subcommand, UsageError } from './subcommand.ts';

const ADDRESS = `s3://<bucket>/${EXCEPTIONS_KEY}`;

const help: Help = {
  name: 'exceptions pull',
  summary: 'Download the published exceptions to the file that Aspects and "evenkeel check" read.',
  usage: `[${ADDRESS}] [options]`,
  options: [
    [
      ADDRESS,
      'The published exceptions. Default: EVENKEEL_EXCEPTIONS, or else the output Exceptions of the hub stack in the current account and region.',
    ],
    ['--output <file>', `The file to write. Default: ${DEFAULTS.exceptions}.`],
    FORMAT_OPTION,
  ],
  details:
    'Run this command before each check, and do not commit the file. If the download fails, an existing file stays unchanged.\n\nYou need s3:GetObject on the object. The bucket allows it to every account of the organization or, without an organization, to the governed accounts. Without an address you also need cloudformation:DescribeStacks on the hub stack.',
  examples: ['exceptions pull s3://my-exceptions/exceptions.json'],
  exitCodes: '0 success, 2 error.',
};
const options = { output: { type: 'string', default: DEFAULTS.exceptions }, format: FORMAT } as const;

/** Runs the subcommand, and returns its exit code. */
export const run = subcommand({ help, options }, async ({ values, positionals }) => {
  if (positionals.length > 1) throw new UsageError(`unexpected argument "${positionals[1]}".`);
  const print = printer(values.format);
  const uri = positionals[0] ?? process.env.EVENKEEL_EXCEPTIONS ?? (await addressOfHub());
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (Bucket === undefined || Key === undefined)
    throw new UsageError(`invalid address "${uri}". Write it as ${ADDRESS}.`);
  const text = await download(Bucket, Key);
  const published = parsePublishedExceptions(text, uri);
  if (!published) throw new Error(`${uri} does not hold published exceptions. Check the address.`);
  await save(values.output, text);
  const { length } = published.exceptions;
  print(`${values.output}: ${pluralize(length, 'exception')} from ${uri}.\n`, {
    file: values.output,
    from: uri,
    exceptions: length,
  });
  return 0;
});

const addressOfHub = () => hubOutput('Exceptions', `Pass the address ${ADDRESS}.`);

async function download(Bucket: string, Key: string): Promise<string> {
  const { S3 } = await import('@aws-sdk/client-s3');
  try {
    const { Body } = await new S3({ followRegionRedirects: true }).getObject({ Bucket, Key });
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    const remedy = error instanceof Error ? REMEDIES[error.name] : undefined;
    throw new Error(`Cannot download s3://${Bucket}/${Key}: ${errorMessage(error)} ${remedy ?? ''}`.trimEnd(), {
      cause: error,
    });
  }
}

const REMEDIES: { readonly [error: string]: string } = {
  AccessDenied:
    'Use credentials of a governed account, or of an account in the organization, that allow s3:GetObject on it.',
  NoSuchBucket: 'Use the address in the output Exceptions of the hub stack.',
  NoSuchKey:
    'Use the address in the output Exceptions of the hub stack. The hub publishes the file when it is deployed.',
};

/** Replaces the file in one step, because a check may read it at the same time. */
async function save(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
