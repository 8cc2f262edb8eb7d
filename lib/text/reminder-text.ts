import { commandLines } from './command-lines.ts';
import { pluralize } from './words.ts';

/** The numbers of items that need attention. */
interface Counts {
  readonly halted: boolean;
  readonly approvals: number;
  readonly holds: number;
  readonly backlogs: number;
  readonly circuitBreakers: number;
}

/** The texts of the daily reminder. */
export const reminderText = {
  subject({ halted, approvals, holds, backlogs, circuitBreakers }: Counts): string {
    const counts = [
      halted && 'repairs are halted',
      approvals > 0 && pluralize(approvals, 'approval'),
      holds > 0 && pluralize(holds, 'hold'),
      backlogs > 0 && pluralize(backlogs, 'backlog'),
      circuitBreakers > 0 && pluralize(circuitBreakers, 'open circuit breaker'),
    ];
    return `Action required: ${counts.filter(Boolean).join(', ')}`;
  },
  lead: `These items need your attention. Current list: ${commandLines.status}`,
};
