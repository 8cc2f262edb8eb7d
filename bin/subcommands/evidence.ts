import { dispatch } from './dispatch.ts';

const evidence = {
  name: 'evenkeel evidence',
  summary: 'Brings evidence out of the vault, tells what it says, and whether anybody touched it.',
  example: 'evenkeel evidence verify s3://my-vault --public-key key.pem',
  commands: {
    export: {
      summary: 'bring records, digests and the public key into a folder',
      load: () => import('./evidence-export.ts'),
    },
    pack: {
      summary: 'make the package for an audit: report, tables, OSCAL and the records behind them',
      load: () => import('./evidence-report.ts'),
    },
    show: {
      summary: 'tell what one execution found and did, and whether its records hold together',
      load: () => import('./evidence-show.ts'),
    },
    verify: {
      summary: 'tell whether a folder or a bucket is whole, by the public key',
      load: () => import('./evidence-verify.ts'),
    },
  },
};

/** Runs the command, and gives its exit code. */
export const run = (args: readonly string[]): Promise<number> => dispatch(evidence, args);
