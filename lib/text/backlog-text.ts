import { commandLines } from './command-lines.ts';
import { pluralize } from './words.ts';

/** The choices for a backlog: their results, and the commands to run. */
export const backlogOptions = (control: string, account: string) => ({
  show: `List each resource with its exact change. Run: ${commandLines.backlogShow(control, account)}`,
  release: `Evenkeel repairs each resource as the control's mode allows. Run: ${commandLines.backlogRelease(control, account)}`,
  noDecision: 'Nothing in the backlog is repaired. You are notified every day.',
});

/** The texts of a backlog notification. */
export const backlogText = {
  subject: (count: number, control: string, account: string) =>
    `Review ${pluralize(count, 'existing violation')}: ${control} in account ${account}`,
  lead: 'Evenkeel found existing violations and does not repair them before you review and release the backlog.',
  resources: (count: number) => `Violations: ${count}`,
  choices: { show: 'To review', release: 'To release', noDecision: 'If not released' },
};
