import { dispatch } from './dispatch.ts';

const register = {
  name: 'evenkeel register',
  summary: 'Fetches and reviews the register of exceptions, which alone waives a control.',
  example: 'evenkeel register pull s3://my-register/register.json',
  commands: {
    pull: {
      summary: 'bring the register that the hub published to where the gate looks for it',
      load: () => import('./exceptions-pull.ts'),
    },
    check: {
      summary: 'say what is wrong with a file of exceptions, and what a reviewer would ask',
      load: () => import('./exceptions-check.ts'),
    },
  },
};

/** Runs the command, and gives its exit code. */
export const run = (args: readonly string[]): Promise<number> => dispatch(register, args);
