import type { OperatorCommand, SealedRecord } from '../../lib/evidence/record.ts';
import { publish } from '../runtime/publish-event.ts';
import type { Subject } from '../store/execution.ts';

/** The commands that are not about one control, account or resource. */
const ABOUT_EVERYTHING: readonly OperatorCommand['kind'][] = ['halt', 'resume'];

/** Publishes a command with its record. The execution itself is never published, because it may hold a task token. */
export async function publishCommand(
  { control, target }: Subject,
  command: OperatorCommand,
  { at, key }: Pick<SealedRecord, 'at' | 'key'>,
): Promise<void> {
  const subject = ABOUT_EVERYTHING.includes(command.kind) ? {} : { control, target };
  await publish('Evenkeel Command', { version: '1', ...command, at, evidence: key, ...subject });
}
