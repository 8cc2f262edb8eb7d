#!/usr/bin/env node
import { errorMessage } from '../lib/evaluate/verdict.ts';
import { dispatch } from './subcommands/dispatch.ts';

const evenkeel = {
  name: 'evenkeel',
  summary: 'evenkeel keeps AWS accounts compliant.',
  example: 'evenkeel check cdk.out',
  commands: {
    check: {
      summary: 'judge CloudFormation templates by the controls',
      load: () => import('./subcommands/check.ts'),
    },
    plan: {
      summary: 'show what is in violation and what would come of it, and change nothing',
      load: () => import('./subcommands/plan.ts'),
    },
    approve: {
      summary: 'approve a repair that waits for people',
      load: async () => (await import('./subcommands/decisions.ts')).approve,
    },
    reject: {
      summary: 'reject a repair that waits for people',
      load: async () => (await import('./subcommands/decisions.ts')).reject,
    },
    register: {
      summary: 'fetch and review the register of exceptions',
      load: () => import('./subcommands/exceptions.ts'),
    },
    halt: {
      summary: 'stop every repair at once',
      load: async () => (await import('./subcommands/operator-commands.ts')).halt,
    },
    resume: {
      summary: 'let repairs go on',
      load: async () => (await import('./subcommands/operator-commands.ts')).resume,
    },
    release: {
      summary: 'let a control repair again what it was held off',
      load: async () => (await import('./subcommands/operator-commands.ts')).release,
    },
    status: {
      summary: 'show what waits for people',
      load: async () => (await import('./subcommands/status.ts')).status,
    },
    backlog: {
      summary: 'show and release what already stood in violation',
      load: () => import('./subcommands/backlog.ts'),
    },
    rollback: {
      summary: 'bring back what was before a repair',
      load: async () => (await import('./subcommands/operator-commands.ts')).rollback,
    },
    evidence: {
      summary: 'export and verify the evidence of what was done',
      load: () => import('./subcommands/evidence.ts'),
    },
  },
};

// It is for those who write programs on the SDK, and would stand between the lines of each answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// Whoever reads the output may have seen enough, as `head` has.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

dispatch(evenkeel, process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`evenkeel: ${errorMessage(error)}\n`);
    process.exitCode = 2;
  },
);
