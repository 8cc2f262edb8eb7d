import { z } from 'zod';
import { services } from '../../controls/services.ts';
import { configRulePrefix } from '../../lib/config/names.ts';
import type { Actor } from '../../lib/model/actor.ts';
import type { Control, Json, ServiceName } from '../../lib/model/control.ts';
import type { Reason } from '../../lib/text/reasons.ts';
import type { Source, Trigger, TriggerResult } from './trigger.ts';

const envelope = z.object({
  id: z.string().min(1),
  account: z.string().regex(/^\d{12}$/),
  region: z.string().min(1),
  source: z.string(),
  'detail-type': z.string(),
  detail: z.record(z.string(), z.unknown()),
});
type Envelope = z.output<typeof envelope>;

/** Reads the triggers of an AWS event, whether or not Evenkeel governs their resources. */
export function readEvent(input: unknown, controls: readonly Control[]): TriggerResult {
  const parsed = envelope.safeParse(input);
  if (!parsed.success) return ignored({ code: 'malformed-event', problem: z.prettifyError(parsed.error) });
  const event = parsed.data;
  switch (event['detail-type']) {
    case 'AWS API Call via CloudTrail':
      return readCall(event, controls);
    case 'Config Rules Compliance Change':
      return readCompliance(event);
    case 'Security Hub Findings - Imported':
      return readFindings(event, controls);
    default:
      return ignored({ code: 'unknown-event', type: event['detail-type'] });
  }
}

const call = z.object({
  eventSource: z.string(),
  eventName: z.string(),
  errorCode: z.string().nullish(),
  // An identity of an unknown shape must not lose the event.
  userIdentity: z
    .object({
      type: z.string().default('Unknown'),
      arn: z.string().optional(),
      invokedBy: z.string().optional(),
      sessionContext: z.object({ sessionIssuer: z.object({ arn: z.string().optional() }).optional() }).optional(),
    })
    .transform(({ sessionContext, ...identity }): Actor => {
      const issuer = sessionContext?.sessionIssuer?.arn;
      return issuer ? { ...identity, issuer } : identity;
    })
    .optional()
    .catch(undefined),
});

function readCall(event: Envelope, controls: readonly Control[]): TriggerResult {
  const parsed = call.safeParse(event.detail);
  if (!parsed.success) return ignored({ code: 'malformed-call' });
  const { eventSource, eventName, errorCode, userIdentity: actor } = parsed.data;
  // Partner event sources also begin with "aws.", and partners control the content of their events.
  if (event.source !== `aws.${eventSource.split('.')[0]}`)
    return ignored({ code: 'foreign-call', service: eventSource, source: event.source });
  if (errorCode) return ignored({ code: 'failed-call', error: errorCode });
  const triggers = controls.flatMap(
    (control) =>
      triggerPaths(control, eventSource, eventName)
        .map((path) => resourcesAt(event, path))
        .find((resources) => resources.length > 0)
        ?.map((resource): Trigger => ({ ...origin(event, 'cloudtrail'), control: control.id, resource, actor })) ?? [],
  );
  return triggers.length > 0 ? { triggers } : ignored({ code: 'no-resource', call: eventName });
}

const ignored = (reason: Reason): TriggerResult => ({ ignored: [reason] });

const origin = (event: Envelope, source: Source) => ({
  source,
  event: event.id,
  account: event.account,
  region: event.region,
});

function triggerPaths(control: Control, eventSource: string, eventName: string): readonly string[] {
  const triggers: { readonly [event: string]: string | readonly string[] } = control.triggers;
  return control.services.flatMap((service: ServiceName) => {
    const paths = services[service].source === eventSource ? triggers[`${service}:${eventName}`] : undefined;
    return paths === undefined ? [] : typeof paths === 'string' ? [paths] : paths;
  });
}

function resourcesAt(event: Envelope, path: string): string[] {
  if (path === 'account') return [event.account];
  const found = path.split('.').reduce<unknown[]>(
    (values, step) =>
      values.flatMap((value) => {
        if (step === '*') return Array.isArray(value) ? value : [];
        return typeof value === 'object' && value !== null ? [(value as { [key: string]: Json })[step]] : []; // any object has string keys
      }),
    [event.detail],
  );
  return [...new Set(found.filter((value) => typeof value === 'string' && value !== ''))] as string[]; // the filter leaves texts only
}

const compliance = z.object({
  configRuleName: z.string(),
  resourceId: z.string().min(1),
  newEvaluationResult: z.object({ complianceType: z.string() }),
});

function readCompliance(event: Envelope): TriggerResult {
  const parsed = compliance.safeParse(event.detail);
  if (event.source !== 'aws.config' || !parsed.success)
    return ignored({ code: 'malformed-compliance-change', source: event.source });
  const { configRuleName, resourceId, newEvaluationResult } = parsed.data;
  if (!configRuleName.startsWith(configRulePrefix)) return ignored({ code: 'foreign-rule', rule: configRuleName });
  if (newEvaluationResult.complianceType !== 'NON_COMPLIANT') return ignored({ code: 'compliant-in-config' });
  const control = configRuleName.slice(configRulePrefix.length);
  return { triggers: [{ ...origin(event, 'config'), control, resource: resourceId }] };
}

const findings = z.object({
  findings: z.array(
    z.object({
      AwsAccountId: z.string(),
      Compliance: z.object({ Status: z.string().optional(), SecurityControlId: z.string().optional() }).optional(),
      RecordState: z.string().optional(),
      Resources: z.array(z.object({ Id: z.string(), Type: z.string().optional() })),
    }),
  ),
});

function readFindings(event: Envelope, controls: readonly Control[]): TriggerResult {
  const parsed = findings.safeParse(event.detail);
  if (event.source !== 'aws.securityhub' || !parsed.success)
    return ignored({ code: 'malformed-finding', source: event.source });
  const triggers = parsed.data.findings
    .filter((finding) => finding.AwsAccountId === event.account && finding.RecordState !== 'ARCHIVED')
    .filter(({ Compliance }) => Compliance?.Status === 'FAILED')
    .flatMap(({ Compliance, Resources }) =>
      controls
        .filter(({ frameworks }) => frameworks.fsbp?.includes(Compliance?.SecurityControlId ?? ''))
        .flatMap((control) =>
          Resources.map(({ Id }): Trigger => ({ ...origin(event, 'security-hub'), control: control.id, resource: Id })),
        ),
    );
  return triggers.length > 0 ? { triggers } : ignored({ code: 'no-open-finding' });
}
