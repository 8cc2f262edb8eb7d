import { dispatch } from './dispatch.ts';

const evidence = {
  name: 'evenkeel evidence',
  summary: 'Brings evidence out of the vault, and tells whether anybody touched it.',
  example: 'evenkeel evidence verify s3://my-vault --public-key key.pem',
  commands: {},
};

/** Runs the command, and gives its exit code. */
export const run = (args: readonly string[]): Promise<number> => dispatch(evidence, args);
