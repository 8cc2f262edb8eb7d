import { commandLines } from './command-lines.ts';
import { duration } from './words.ts';

type Place = {
  readonly control: string;
  readonly account: string;
};

/** Why a repair stops, waits or needs approval. */
export const governanceSentences = {
  // Safeguards
  halted: ({ at, by, reason }: { readonly at: string; readonly by: string; readonly reason: string }) =>
    `All repairs were halted at ${at} by ${by}: ${reason}`,
  held: ({ at, until }: { readonly at: string; readonly until?: string }) =>
    `A hold placed at ${at} stops the repair${until ? ` until ${until}` : ''}.`,
  flapping: ({ count, minutes }: { readonly count: number; readonly minutes: number }) =>
    `The resource was repaired ${count} times within ${duration(minutes)} and is in violation again.`,
  'rollback-hold': ({ execution, by }: { readonly execution: string; readonly by?: string }) =>
    `Execution ${execution} was rolled back. The rollback was requested by ${by ?? 'an unknown identity'} and approved.`,
  'release-hold': ({ execution }: { readonly execution: string }) =>
    `To release the hold, run \`${commandLines.release(execution)}\`.`,
  'too-many-repairs': ({
    repairs,
    minutes,
    limit,
  }: {
    readonly repairs: number;
    readonly minutes: number;
    readonly limit: number;
  }) => `${repairs} resources of the account were repaired within ${duration(minutes)}; the limit is ${limit}.`,
  'too-many-escalations': ({
    escalations,
    minutes,
    limit,
  }: {
    readonly escalations: number;
    readonly minutes: number;
    readonly limit: number;
  }) => `${escalations} executions of the account were escalated within ${duration(minutes)}; the limit is ${limit}.`,
  'circuit-breaker-open': "The account's circuit breaker is open, and its repairs need approval.",

  // Rollout and backlog
  'first-scan': ({ mode }: { readonly mode: string }) =>
    `The control is new in this account in mode ${mode}, and existing violations have not been reviewed.`,
  'mode-raised': ({ from, to }: { readonly from: string; readonly to: string }) =>
    `The control's mode was raised from ${from} to ${to}.`,
  'parameters-changed': "The control's parameters changed.",
  'new-region': ({ region }: { readonly region: string }) => `Region ${region} has not been scanned before.`,
  'scan-outdated': ({ region, at }: { readonly region: string; readonly at: string }) =>
    `Region ${region} was last scanned at ${at}.`,
  'more-violations': ({ more }: { readonly more: number }) =>
    `One sweep found ${more} more violations than the previous one.`,
  'no-violations': 'The sweep found no violations.',
  backlog: ({ since }: { readonly since: string }) => `The violation has been in a backlog since ${since}.`,
  'review-backlog': ({ control, account }: Place) =>
    `To review the backlog, run \`${commandLines.backlogShow(control, account)}\`.`,
  'release-backlog': ({ control, account }: Place) =>
    `To release it, run \`${commandLines.backlogRelease(control, account)}\`.`,

  // Waiting
  'grace-period': ({ until }: { readonly until: string }) =>
    `The owner has until ${until} to fix the violation or to get an exception approved. After that, Evenkeel repairs the resource.`,
  'configured-grace-period': 'The configuration sets a grace period for this control.',
  'just-rejected': 'The same repair was rejected a moment ago, and the resource has not changed since.',
  'tag-requires-approval': ({ tag }: { readonly tag: string }) =>
    `The resource's tag ${tag} = approve requires approval.`,
  'tag-ignored': ({ tag, value }: { readonly tag: string; readonly value: string }) =>
    `The resource's tag ${tag} = ${JSON.stringify(value)} is ignored; the only supported value is approve.`,
  'tags-unreadable': ({ role }: { readonly role: string }) =>
    `The resource's tags cannot be read and may require approval. Allow the role ${role} to call tag:GetResources.`,

  /** The control's own sentence about the circumstances of a resource. */
  caution: ({ sentence }: { readonly sentence: string }) => `Caution: ${sentence}`,
  'circumstances-unreadable': ({ error }: { readonly error: string }) =>
    `The circumstances of the resource could not be read: ${error}`,

  // Forecast and scan
  'in-progress': ({ execution }: { readonly execution: string }) =>
    `Execution ${execution} works on it or waits for approval.`,
  'needs-approval': 'The repair needs approval.',
  'repairs-on-detection': 'Evenkeel repairs it when an event or the daily sweep finds it.',
  'scan-timed-out': ({ seconds }: { readonly seconds: number }) =>
    `The scan did not finish within ${seconds} seconds; the rest was not looked at.`,
  'scan-cut': ({ violations }: { readonly violations: number }) =>
    `The scan stopped after ${violations} violations; the rest was not looked at.`,
  'scan-failed': ({ error }: { readonly error: string }) => `The scan failed: ${error}`,
} as const;
