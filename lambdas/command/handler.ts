import { z } from 'zod';
import { type CommandAccepted, FINISH_COMMANDS } from '../../lib/events/api.ts';
import type { OperatorCommand, SealedRecord } from '../../lib/evidence/record.ts';
import { stableId } from '../events/stable-id.ts';
import { nextRecord } from '../evidence/next-record.ts';
import { write } from '../evidence/vault.ts';
import {
  apiHandler,
  bodyOf,
  callerArn,
  callerReason,
  conflictAs409,
  HttpError,
  type Request,
} from '../runtime/api-handler.ts';
import { type Caller, callerOf } from '../runtime/caller.ts';
import { settings } from '../runtime/environment.ts';
import { count, logger } from '../runtime/step.ts';
import { closeCircuitBreaker } from '../store/circuit-breakers.ts';
import type { Execution } from '../store/execution.ts';
import { closeCommand, getExecution, newExecution, registerCommand } from '../store/executions.ts';
import { liftHalt, releaseHold, setHalt } from '../store/holds.ts';
import type { CommandContext, ParseCommand, ParsedCommand } from './command.ts';
import { finishCommands } from './finish-commands.ts';
import { publishCommand } from './publish-command.ts';
import { parseBacklogRelease } from './release-backlog.ts';
import { parseRollback } from './roll-back.ts';

const EVERYTHING: ParsedCommand['about'] = { control: '*', target: { ...settings.hub, id: '*' } };

const parsers: { readonly [route: string]: ParseCommand } = {
  'POST /halt': async () => ({
    kind: 'halt',
    about: EVERYTHING,
    changes: ({ by, reason, now }) => [setHalt({ by, reason, at: now.toISOString() })],
    conflict: { code: 'already-halted' },
  }),
  'DELETE /halt': async () => ({
    kind: 'resume',
    about: EVERYTHING,
    changes: () => [liftHalt()],
    conflict: { code: 'not-halted' },
  }),
  'POST /accounts/{account}/release': async ({ pathParameters }) => {
    const account = pathParameters?.account ?? '';
    const governed = Object.hasOwn(settings.accounts, account) ? settings.accounts[account] : undefined;
    if (!governed) throw new HttpError(404, { code: 'account-not-governed', account });
    return {
      kind: 'release-account',
      about: { control: '*', target: { ...EVERYTHING.target, account } },
      changes: ({ now }) => closeCircuitBreaker(account, governed.circuitBreaker, now.getTime()),
      conflict: { code: 'circuit-breaker-closed', account },
    };
  },
  'POST /executions/{execution}/release': async ({ pathParameters }) => {
    const id = pathParameters?.execution ?? '';
    const about = await getExecution(id);
    if (!about?.target) throw new HttpError(404, { code: 'unknown-execution', execution: id });
    return {
      kind: 'release',
      about,
      execution: id,
      changes: () => releaseHold(about),
      conflict: { code: 'no-hold', control: about.control, resource: about.target.id },
    };
  },
  'POST /backlogs/{control}/{account}/release': parseBacklogRelease,
  'POST /executions/{execution}/rollback': parseRollback,
};

/** Carries out an operator command, and records who gave it. The scheduled route finishes interrupted commands. */
async function command(request: Request): Promise<CommandAccepted | { readonly finished: number }> {
  if (request.routeKey === FINISH_COMMANDS) return { finished: await finishCommands() };
  const { reason } = bodyOf(request, z.looseObject({ reason: callerReason }));
  const parsed = await parsers[request.routeKey]?.(request);
  if (!parsed) throw new HttpError(404, { code: 'unknown-route', route: request.routeKey });
  const caller = await callerOf(callerArn(request));
  const by = authorize(caller, parsed.kind);
  const now = new Date();
  const execution = executionFor(request, parsed, caller, now);
  const context: CommandContext = { by, reason, now, command: execution.execution };
  const { kind, execution: about, resources } = parsed;
  const command: OperatorCommand = { kind, by, identity: caller.arn, reason, execution: about, resources };
  const record = nextRecord(execution, settings, 'command', { command, outcome: 'accepted', reason }, now);
  await conflictAs409(() => registerCommand(execution, record, parsed.changes(context)), parsed.conflict);
  await write(record);
  if (kind === 'release') count('falsePositive', parsed.about.control);
  await parsed.after?.(context);
  await notifyNow(execution, command, record);
  const startsExecution = parsed.startsExecution?.(context.command);
  return { kind, by, at: record.at, evidence: record.key, ...(startsExecution && { startsExecution }) };
}

/** Publishes a command that was carried out. If that fails, the command succeeds all the same, and finishing it publishes it later. */
async function notifyNow(execution: Execution, command: OperatorCommand, record: SealedRecord): Promise<void> {
  try {
    await publishCommand(execution, command, record);
    await closeCommand(execution);
  } catch (error) {
    logger.error('a command could not be published yet', { execution: execution.execution, error: String(error) });
  }
}

/** Everyone whom IAM permits may halt repairs. Every other command needs a known person. */
function authorize({ person, arn }: Caller, kind: OperatorCommand['kind']): string {
  if (person !== undefined) return person;
  if (kind === 'halt' && arn !== '') return arn;
  throw new HttpError(403, { code: 'person-unknown' });
}

/** The operator is the actor of a rollback, and so cannot approve it. */
const executionFor = (
  { requestContext }: Request,
  { kind, about, rollback }: ParsedCommand,
  caller: Caller,
  now: Date,
): Execution =>
  newExecution(
    stableId('command', kind, requestContext.requestId ?? now.toISOString()),
    about,
    {
      machine: 'none',
      admittedAt: now.toISOString(),
      source: 'command',
      event: requestContext.requestId ?? 'none',
      ...(rollback && { rollback, actor: caller.actor }),
    },
    'settled',
  );

/** Lambda's entry. */
export const handler = apiHandler('command', command);
