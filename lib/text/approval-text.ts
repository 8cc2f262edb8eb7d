import { commandLines } from './command-lines.ts';

interface Rollback {
  readonly execution: string;
  readonly holdDays: number;
}

/** The choices of an approval request: their results, and the commands to run. */
export const approvalOptions = (execution: string, expires: string, rollback?: Rollback) => ({
  approve: `${
    rollback
      ? `Evenkeel restores the state from before execution ${rollback.execution}, and places a hold of ${rollback.holdDays} days on the resource,`
      : 'Evenkeel repairs the resource'
  } if it has not changed since the plan. Run: ${commandLines.approve(execution)}`,
  reject: `The resource is not changed${rollback ? '' : '. The next sweep reports the violation again'}. Run: ${commandLines.reject(execution)}`,
  noDecision: `The request expires at ${expires} and is escalated. The resource is not changed.`,
});

/** The texts of an approval request. */
export const approvalText = {
  subject: (control: string, resource: string, rollback: boolean) =>
    `Approval required: ${rollback ? 'rollback of ' : ''}${control} on ${resource}`,
  lead: (approvers: number, expires: string, rollback: boolean) =>
    `A ${rollback ? 'rollback' : 'repair'} waits for ${approvers === 1 ? 'approval' : `${approvers} approvals`} until ${expires}.`,
  rollbackOf: ({ execution, holdDays }: Rollback) =>
    `execution ${execution}; a hold then stops repairs for ${holdDays} days`,
  choices: { approve: 'If approved', reject: 'If rejected', noDecision: 'If not decided' },
  rule: 'You cannot approve a change that you caused, or a repair of a resource for which you own an exception.',
};
