import { listed } from './words.ts';

/** Why Evenkeel ignores an event. */
export const ignoredSentences = {
  'malformed-event': ({ problem }: { readonly problem: string }) => `The event is malformed: ${problem}`,
  'malformed-call': 'The CloudTrail record has no eventSource or no eventName.',
  'malformed-compliance-change': ({ source }: { readonly source: string }) =>
    `The event from "${source}" is not a compliance change of AWS Config.`,
  'malformed-finding': ({ source }: { readonly source: string }) =>
    `The event from "${source}" is not a finding of Security Hub.`,
  'unknown-event': ({ type }: { readonly type: string }) => `Evenkeel does not handle events of type "${type}".`,
  'foreign-call': ({ service, source }: { readonly service: string; readonly source: string }) =>
    `The event reports a call to ${service} but comes from "${source}".`,
  'failed-call': ({ error }: { readonly error: string }) => `The call failed with ${error} and changed nothing.`,
  'no-resource': ({ call }: { readonly call: string }) => `The call ${call} names no resource of a control.`,
  'foreign-rule': ({ rule }: { readonly rule: string }) => `The AWS Config rule "${rule}" does not belong to Evenkeel.`,
  'compliant-in-config': 'AWS Config reports that the resource is compliant.',
  'no-open-finding': 'The event holds no open finding of a control for this account.',
  'unknown-control': ({ control }: { readonly control: string }) => `Unknown control "${control}".`,
  'control-off': ({ control, account }: { readonly control: string; readonly account: string }) =>
    `Control "${control}" is off in account ${account}.`,
  'not-configured': ({ control, missing }: { readonly control: string; readonly missing: readonly string[] }) =>
    `Control "${control}" is not configured, because ${missing.length === 1 ? 'a required parameter has' : 'required parameters have'} no value. Set ${listed(missing)} in the config, under controls.${control}.parameters.`,
  'ungoverned-account': ({ account }: { readonly account: string }) => `Account ${account} is not governed.`,
  'ungoverned-region': ({ account, region }: { readonly account: string; readonly region: string }) =>
    `Region ${region} of account ${account} is not governed.`,
  'rollback-not-requested': 'The rollback was not requested, or a later request replaced it.',
  'unknown-to-config': ({ type, resource }: { readonly type: string; readonly resource: string }) =>
    `AWS Config does not know the ${type} "${resource}".`,
  coalesced: ({ execution }: { readonly execution: string }) => `Execution ${execution} handles this event.`,
  'own-call': 'A repair by Evenkeel made the call.',
} as const;
