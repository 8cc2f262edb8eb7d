#!/usr/bin/env node
import { errorMessage } from '../lib/model/errors.ts';
import { dispatch, type Group } from './subcommands/dispatch.ts';

const evenkeel: Group = {
  name: 'evenkeel',
  summary: 'Evenkeel keeps AWS accounts compliant.',
  example: 'evenkeel check cdk.out',
  subcommands: {
    check: {
      summary: 'Check CloudFormation templates.',
      load: () => import('./subcommands/check.ts'),
    },
    plan: {
      summary: 'Show violations and planned repairs (dry run).',
      load: () => import('./subcommands/plan.ts'),
    },
    status: {
      summary: 'Show what needs your attention.',
      load: async () => (await import('./subcommands/status.ts')).status,
    },
    approve: {
      summary: 'Approve a planned repair or rollback.',
      load: async () => (await import('./subcommands/decisions.ts')).approve,
    },
    reject: {
      summary: 'Reject a planned repair or rollback.',
      load: async () => (await import('./subcommands/decisions.ts')).reject,
    },
    rollback: {
      summary: 'Roll back a repair.',
      load: async () => (await import('./subcommands/operator-commands.ts')).rollback,
    },
    release: {
      summary: 'Release a hold, or close a circuit breaker.',
      load: async () => (await import('./subcommands/operator-commands.ts')).release,
    },
    halt: {
      summary: 'Stop all repairs.',
      load: async () => (await import('./subcommands/operator-commands.ts')).halt,
    },
    resume: {
      summary: 'Resume repairs after a halt.',
      load: async () => (await import('./subcommands/operator-commands.ts')).resume,
    },
    backlog: {
      summary: 'List, show and release existing violations.',
      load: () => import('./subcommands/backlog.ts'),
    },
    exceptions: {
      summary: 'Check and download exceptions.',
      load: () => import('./subcommands/exceptions.ts'),
    },
    evidence: {
      summary: 'Export, verify, show and report evidence.',
      load: () => import('./subcommands/evidence.ts'),
    },
  },
};

// The warning of the SDK is for programmers, and would appear between the lines of the output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

// A reader such as `head` closes the pipe before the end of the output.
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
