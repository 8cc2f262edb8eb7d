import type { OperatorCommand, Rollback } from '../../lib/evidence/record.ts';
import type { Reason } from '../../lib/text/reasons.ts';
import type { Request } from '../runtime/api-handler.ts';
import type { Subject } from '../store/execution.ts';
import type { Item } from '../store/table.ts';

/** An operator command as parsed from a request, before it is authorized. */
export interface ParsedCommand {
  readonly kind: OperatorCommand['kind'];
  readonly about: Subject;
  readonly execution?: string;
  /** The number of resources, if the command is about several. */
  readonly resources?: number;
  readonly rollback?: Rollback;
  /** The table items that change together with the command. */
  readonly changes: (context: CommandContext) => readonly Item[];
  /** Runs when the command's record is in the vault. */
  readonly after?: (context: CommandContext) => Promise<void>;
  /** The execution that the command starts. */
  readonly startsExecution?: (command: string) => string;
  /** Why the changes fail if their conditions do not hold. */
  readonly conflict: Reason;
}

/** The operator of a command, its reason, time and id. */
export interface CommandContext {
  readonly by: string;
  readonly reason: string;
  readonly now: Date;
  readonly command: string;
}

/**
 * Parses a request.
 * @throws HttpError if the command cannot be carried out.
 */
export type ParseCommand = (request: Request) => Promise<ParsedCommand>;
