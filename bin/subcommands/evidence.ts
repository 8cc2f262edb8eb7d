import { dispatch, type Group } from './dispatch.ts';

const evidence: Group = {
  name: 'evenkeel evidence',
  summary: 'Export, verify, show and report the evidence in the vault.',
  example: 'evenkeel evidence verify s3://my-vault --public-key evenkeel.pem',
  subcommands: {
    export: {
      summary: 'Copy evidence from the vault to a folder.',
      load: () => import('./evidence-export.ts'),
    },
    verify: {
      summary: 'Verify that evidence is complete and unchanged.',
      load: () => import('./evidence-verify.ts'),
    },
    show: {
      summary: 'Show the records of one execution.',
      load: () => import('./evidence-show.ts'),
    },
    report: {
      summary: 'Write an audit report for a period.',
      load: () => import('./evidence-report.ts'),
    },
  },
};

/** Runs the subcommand, and returns its exit code. */
export const run = (args: readonly string[]): Promise<number> => dispatch(evidence, args);
