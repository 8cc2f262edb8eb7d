import { listed } from './words.ts';

/** Why an execution ended as it did, or what it left behind. */
export const outcomeSentences = {
  'compliant-when-read': 'The resource was compliant when Evenkeel read it.',
  repaired: 'The resource was read back after the repair and is compliant.',
  'repaired-by-others': 'Another identity fixed the violation before Evenkeel changed anything.',
  gone: 'The resource does not exist, or the control does not apply to it.',
  'gone-before-repair': 'The resource was deleted before the repair.',
  'gone-after-repair': 'The resource was deleted after the repair.',
  mode: ({ mode }: { readonly mode: string }) => `The control's mode is ${mode}.`,
  'detects-only': ({ guidance }: { readonly guidance?: string }) =>
    `The control detects violations and has no repair.${guidance ? ` ${guidance}` : ''}`,
  exempt: ({ exception, approver, ticket, expires, reason }: ExemptionFacts) =>
    `Exempt by exception ${exception}, approved by ${approver} (${ticket}), until ${expires}: ${reason}`,
  rejected: ({ by, reason }: { readonly by: string; readonly reason: string }) =>
    `${by} rejected the repair: ${reason}`,
  'no-decision': ({ hours }: { readonly hours: number }) =>
    `The plan was neither approved nor rejected within ${hours} hours.`,
  'mode-changed': ({ mode }: { readonly mode: string }) => `The control's mode has changed to ${mode}.`,
  'no-approval': "The control's mode is approve, and the plan has no valid approval.",
  'keeps-changing': ({ plans }: { readonly plans: number }) =>
    `The resource changed while ${plans} plans were being carried out.`,
  'change-timed-out': 'AWS did not complete the change in time.',
  'write-failed': ({ error }: { readonly error: string }) => `The write failed: ${error}`,
  'still-in-violation': 'The resource was read back after the repair and is not compliant.',
  untouched: 'The resource is unchanged.',
  'partly-repaired': 'The changes made so far make the resource safer and remain.',
  'changed-by-others': 'The resource holds a change by another identity, which remains.',
  'loss-restored': 'The write removed settings that should remain. Evenkeel restored the previous state.',
  'loss-not-restored': 'The write removed settings that should remain, and restoring them failed.',
  'loss-while-halted':
    'The write removed settings that should remain. They were not restored because repairs are halted.',
  'may-be-in-progress': 'A change by Evenkeel may still be in progress.',
  'lock-lost': 'The lock of the execution expired, and another execution took over.',
  'step-failed': ({ step, error, message }: StepFailure) => `${step} failed: ${error}${message ? `: ${message}` : ''}`,
  'ended-early': ({ phase }: { readonly phase: string }) =>
    `The execution ended in phase ${phase}. Evenkeel made no further change.`,

  'rolled-back': ({ execution }: { readonly execution: string }) =>
    `The resource was read back and has the state from before execution ${execution}.`,
  'held-after-rollback': ({ days }: { readonly days: number }) =>
    `A hold stops repairs for ${days} days, or until it is released.`,
  'exempt-after-rollback': ({ exception }: { readonly exception: string }) => `Exception ${exception} applies to it.`,
  'not-rolled-back':
    'The resource was read back after the rollback and does not have the state from before the repair.',
  'state-changed':
    'The resource has changed since the repair. Evenkeel changed nothing, because a rollback would undo that change.',

  'reverted-by': ({ identities }: { readonly identities: readonly string[] }) =>
    identities.length === 0
      ? 'The identity that reverts the repair is unknown.'
      : `The repair was reverted by ${listed(identities)}.`,
} as const;

/** The facts of an exception that a sentence names. */
type ExemptionFacts = {
  /** The exception's id. */
  readonly exception: string;
  readonly approver: string;
  readonly ticket: string;
  readonly expires: string;
  readonly reason: string;
};

type StepFailure = {
  /** The state of the state machine. */
  readonly step: string;
  readonly error: string;
  readonly message?: string;
};
