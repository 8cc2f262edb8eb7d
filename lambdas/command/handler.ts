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
import { closeCommand, type Execution, getExecution, registerCommand } from '../store/executions.ts';
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

/** Carries out what a person orders, and leaves a record of it that says who it was. */
async function command(request: Request): Promise<CommandAccepted | { readonly finished: number }> {
  if (request.routeKey === FINISH_COMMANDS) return { finished: await finishCommands() };
  const { reason } = bodyOf(request, z.looseObject({ reason: callerReason }));
  const wish = await parsers[request.routeKey]?.(request);
  if (!wish) throw new HttpError(404, { code: 'unknown-route', route: request.routeKey });
  const caller = await callerOf(callerArn(request));
  const by = authorize(caller, wish.kind);
  const now = new Date();
  const execution = executionFor(request, wish, caller, now);
  const said: CommandContext = { by, reason, now, command: execution.execution };
  const { kind, execution: about, resources } = wish;
  const command: OperatorCommand = { kind, by, identity: caller.arn, reason, execution: about, resources };
  const record = nextRecord(execution, settings, 'command', { command, outcome: 'accepted', reason }, now);
  await conflictAs409(() => registerCommand(execution, record, wish.changes(said)), wish.conflict);
  await write(record);
  if (kind === 'release') count('falsePositive', wish.about.control);
  await wish.after?.(said);
  await notifyNow(execution, command, record);
  const startsExecution = wish.startsExecution?.(said.command);
  return { kind, by, at: record.at, evidence: record.key, ...(startsExecution && { startsExecution }) };
}

/**
 * The order is carried out by now, and its record says so: that nobody could be told must not look as if it were not. It
 * stays open then, and is told when orders are finished.
 */
async function notifyNow(execution: Execution, order: OperatorCommand, record: SealedRecord): Promise<void> {
  try {
    await publishCommand(execution, order, record);
    await closeCommand(execution);
  } catch (error) {
    logger.error('an order could not be told yet', { execution: execution.execution, error: String(error) });
  }
}

/** Whoever IAM lets may stop repairs; who lets them go on must be a person with a name. */
function authorize({ person, arn }: Caller, kind: OperatorCommand['kind']): string {
  if (person !== undefined) return person;
  if (kind === 'halt' && arn !== '') return arn;
  throw new HttpError(403, { code: 'person-unknown' });
}

/** Whoever orders a rollback causes what comes of it, and approves it no more than any other change of his. */
const executionFor = (
  { requestContext }: Request,
  { kind, about, rollback }: ParsedCommand,
  caller: Caller,
  now: Date,
): Execution => ({
  execution: stableId('command', kind, requestContext.requestId ?? now.toISOString()),
  machine: 'none',
  phase: 'settled',
  admittedAt: now.toISOString(),
  control: about.control,
  target: about.target,
  source: 'command',
  event: requestContext.requestId ?? 'none',
  ...(rollback && { rollback, actor: caller.actor }),
  records: [],
  replans: 0,
  attempts: 0,
  pendingSeen: 0,
});

/** Lambda's entry. */
export const handler = apiHandler('command', command);
