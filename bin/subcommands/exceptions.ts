import { dispatch, type Group } from './dispatch.ts';

const exceptions: Group = {
  name: 'evenkeel exceptions',
  summary: 'Check and download exceptions, the only way to exempt a resource from a control.',
  example: 'evenkeel exceptions check exceptions.yaml --strict',
  subcommands: {
    check: {
      summary: 'Check an exceptions file for errors and warnings.',
      load: () => import('./exceptions-check.ts'),
    },
    pull: {
      summary: 'Download the published exceptions.',
      load: () => import('./exceptions-pull.ts'),
    },
  },
};

/** Runs the subcommand, and returns its exit code. */
export const run = (args: readonly string[]): Promise<number> => dispatch(exceptions, args);
