import { commandLines } from './command-lines.ts';

/** The texts of an escalation. */
export const escalationText = {
  subject: (control: string, resource: string, rollback: boolean) =>
    `Escalated: ${rollback ? 'rollback of ' : ''}${control} on ${resource}`,
  lead: (rollback?: { readonly execution: string }) =>
    rollback
      ? `The rollback of execution ${rollback.execution} stopped. Manual action is required.`
      : 'Automatic repair stopped. Manual action is required.',
  steps: (execution: string, rollback: boolean): readonly string[] => [
    ...(rollback ? AFTER_ROLLBACK : AFTER_REPAIR),
    `Show the evidence: ${commandLines.evidenceShow(execution)}`,
  ],
};

const AFTER_REPAIR = [
  'Fix the violation manually. The next sweep verifies it.',
  'Keep the resource as it is: add an exception to exceptions.yaml. Its approver must not be its owner.',
  'Do nothing: the next sweep reports the violation again.',
];
const AFTER_ROLLBACK = [
  'Check the current state, and request the rollback again if it still applies.',
  'Change the resource manually, and add an exception to exceptions.yaml. Without it, the next sweep repairs the resource again.',
  'Do nothing: the current state remains, and Evenkeel evaluates it as usual.',
];
