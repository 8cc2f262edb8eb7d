import { commandLines } from './command-lines.ts';

type OfExecution = {
  readonly execution: string;
};

/** Why the hub's API refuses a request. */
export const refusalSentences = {
  'unknown-route': ({ route }: { readonly route: string }) => `Unknown route "${route}".`,
  'unknown-name': ({ name }: { readonly name: string }) => `Unknown name "${name}".`,
  'unknown-execution': ({ execution }: OfExecution) => `Unknown execution "${execution}".`,
  'invalid-body': ({ problems }: { readonly problems: readonly string[] }) =>
    `The request body is invalid: ${problems.join('; ')}`,
  'body-not-json': 'The request body is not valid JSON.',
  'person-unknown':
    'AWS does not report which person you are. Call as an IAM user or with an IAM Identity Center session.',

  // Approvals
  'no-open-request': ({ execution, state }: OfExecution & { readonly state: string }) =>
    `Execution ${execution} does not wait for approval. Its state is ${state}.`,
  'decision-refused': ({ verdict }: { readonly verdict: string }) => `The plan was not ${verdict}.`,
  'request-expired': 'The approval request has expired. The next sweep requests approval again.',
  'plan-changed': 'The plan has changed. Review the new plan and decide again.',
  'own-change': 'You caused the change that this plan repairs. Another person must approve it.',
  'own-exception': 'You own an exception from this control for this resource. Another person must approve the plan.',
  'already-approved': 'You already approved this plan. A second approver is required.',
  'decided-meanwhile': ({ execution }: OfExecution) =>
    `Another decision was made at the same time. Look at execution ${execution} again.`,

  // Operator commands
  'already-halted': 'Repairs are already halted.',
  'not-halted': 'Repairs are not halted.',
  'account-not-governed': ({ account }: { readonly account: string }) => `Account "${account}" is not governed.`,
  'circuit-breaker-closed': ({ account }: { readonly account: string }) =>
    `The circuit breaker of account ${account} is not open.`,
  'no-hold': ({ control, resource }: { readonly control: string; readonly resource: string }) =>
    `${control} is not on hold for ${resource}.`,
  'unknown-backlog': ({ control, account }: { readonly control: string; readonly account: string }) =>
    `Control "${control}" has no backlog in account "${account}".`,
  'backlog-released': ({ control, account, at, by, reason }: ReleasedBacklog) =>
    `The backlog of ${control} in account ${account} was released at ${at} by ${by}: ${reason}`,
  'backlog-changed': 'The backlog has changed since you reviewed it. Review it again and release the new list.',
  'backlog-changed-meanwhile': 'The backlog was released or changed by a sweep at the same time. Review it again.',

  // Rollbacks
  'nothing-to-roll-back': ({ execution, state }: OfExecution & { readonly state: string }) =>
    `Execution ${execution} has no repair to roll back. Its state is ${state}.`,
  'no-repair-rights': ({ control, account }: { readonly control: string; readonly account: string }) =>
    `${control} does not repair in account ${account} now, and has no permission to roll back.`,
  irreversible: ({ control }: { readonly control: string }) =>
    `A repair by ${control} cannot be rolled back. Change the resource manually.`,
  'rollback-stopped': 'The rollback was not started.',
  locked: ({ execution }: OfExecution) => `Execution ${execution} works on the resource. Retry when it has ended.`,
  'rollback-requested-meanwhile': ({ execution }: OfExecution) =>
    `Another rollback of execution ${execution} was requested at the same time.`,
  'rollback-requested': ({ by, at, execution, state }: RequestedRollback) =>
    `${by} already requested the rollback at ${at}. Execution ${execution} carries it out; its state is ${state}.`,

  'not-enabled': ({
    control,
    region,
    account,
  }: {
    readonly control: string;
    readonly region: string;
    readonly account: string;
  }) =>
    `Control "${control}" is not enabled in region "${region}" of account "${account}". To list the enabled ones, run \`${commandLines.plan}\`.`,
} as const;

type ReleasedBacklog = {
  readonly control: string;
  readonly account: string;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
};

type RequestedRollback = OfExecution & {
  readonly by: string;
  readonly at: string;
  readonly state: string;
};
