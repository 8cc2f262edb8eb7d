import { z } from 'zod';
import { services } from '../../controls/services.ts';
import { ACCOUNT, type Control, type Json, type ServiceName } from '../../lib/control.ts';
import type { Actor } from '../../lib/evidence.ts';
import { configRulePrefix } from '../../lib/names.ts';
import type { Settings } from '../../lib/settings.ts';

/** Where a hint came from. */
export type Source = 'cloudtrail' | 'config' | 'security-hub' | 'sweep' | 'command' | 'coalesced' | 'rollback';

/** The one normal form of every event: look at this resource for this control. It is believed in nothing else. */
export interface Hint {
  readonly source: Source;
  /** The id of the event that carried it; the same event always leads to the same execution. */
  readonly event: string;
  readonly account: string;
  readonly region: string;
  readonly control: string;
  /** The resource as the event spells it: the API's id, an ARN, a URL, or Config's own id. */
  readonly resource: string;
  readonly actor?: Actor;
}

/** What an event came to: hints, or the reason why it is none of ours. */
export type Reading = { readonly hints: readonly Hint[] } | { readonly ignored: string };

const envelope = z.object({
  id: z.string().min(1),
  account: z.string().regex(/^\d{12}$/),
  region: z.string().min(1),
  source: z.string(),
  'detail-type': z.string(),
  detail: z.record(z.string(), z.unknown()),
});
type Envelope = z.output<typeof envelope>;

const direct = z.object({
  evenkeel: z.object({
    source: z.enum(['sweep', 'command', 'coalesced', 'rollback', 'cloudtrail', 'config', 'security-hub']),
    event: z.string().min(1),
    account: z.string().regex(/^\d{12}$/),
    region: z.string().min(1),
    control: z.string().min(1),
    resource: z.string().min(1),
    actor: z
      .object({
        type: z.string(),
        arn: z.string().optional(),
        issuer: z.string().optional(),
        invokedBy: z.string().optional(),
      })
      .optional(),
  }),
});

/** The input with which we start an execution ourselves; only the hub's own roles may. */
export const directInput = (hint: Hint): string => JSON.stringify({ evenkeel: hint } satisfies z.input<typeof direct>);

/** Brings an event, of whatever source, into normal form; an event that makes no sense is ignored with the reason. */
export function readHints(event: unknown, controls: readonly Control[], settings: Settings): Reading {
  const own = direct.safeParse(event);
  if (own.success) return governed([own.data.evenkeel], controls, settings);
  const parsed = envelope.safeParse(event);
  if (!parsed.success) return { ignored: `malformed event: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}` };
  const reading = readDetail(parsed.data, controls);
  return 'ignored' in reading ? reading : governed(reading.hints, controls, settings);
}

function readDetail(event: Envelope, controls: readonly Control[]): Reading {
  switch (event['detail-type']) {
    case 'AWS API Call via CloudTrail':
      return readCall(event, controls);
    case 'Config Rules Compliance Change':
      return readCompliance(event);
    case 'Security Hub Findings - Imported':
      return readFindings(event, controls);
    default:
      return { ignored: `no source of ours: "${event['detail-type']}"` };
  }
}

const call = z.object({
  eventSource: z.string(),
  eventName: z.string(),
  errorCode: z.string().nullish(),
  // Who it was is worth knowing, but an identity of an unknown shape must not cost us the event.
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

function readCall(event: Envelope, controls: readonly Control[]): Reading {
  const parsed = call.safeParse(event.detail);
  if (!parsed.success) return { ignored: 'malformed CloudTrail record: eventSource and eventName are missing' };
  const { eventSource, eventName, errorCode, userIdentity: actor } = parsed.data;
  // Partners of AWS publish under sources that begin with "aws." too, and write into their events what they like.
  if (event.source !== `aws.${eventSource.split('.')[0]}`)
    return { ignored: `a call to ${eventSource} that "${event.source}" tells of` };
  if (errorCode) return { ignored: `the call failed with ${errorCode} and changed nothing` };
  const hints = controls.flatMap(
    (control) =>
      triggerPaths(control, eventSource, eventName)
        .map((path) => resourcesAt(event, path))
        .find((resources) => resources.length > 0)
        ?.map((resource): Hint => ({ ...origin(event, 'cloudtrail'), control: control.id, resource, actor })) ?? [],
  );
  return hints.length > 0 ? { hints } : { ignored: `${eventName} names no resource of a control` };
}

const origin = (event: Envelope, source: Source) => ({
  source,
  event: event.id,
  account: event.account,
  region: event.region,
});

function triggerPaths(control: Control, eventSource: string, eventName: string): readonly string[] {
  const triggers: { readonly [event: string]: string | readonly string[] } = control.triggers;
  return control.uses.flatMap((service: ServiceName) => {
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

function readCompliance(event: Envelope): Reading {
  const parsed = compliance.safeParse(event.detail);
  if (event.source !== 'aws.config' || !parsed.success) return { ignored: 'malformed compliance change of AWS Config' };
  const { configRuleName, resourceId, newEvaluationResult } = parsed.data;
  if (!configRuleName.startsWith(configRulePrefix)) return { ignored: `"${configRuleName}" is not a rule of ours` };
  if (newEvaluationResult.complianceType !== 'NON_COMPLIANT') return { ignored: 'AWS Config found it compliant' };
  const control = configRuleName.slice(configRulePrefix.length);
  return { hints: [{ ...origin(event, 'config'), control, resource: resourceId }] };
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

function readFindings(event: Envelope, controls: readonly Control[]): Reading {
  const parsed = findings.safeParse(event.detail);
  if (event.source !== 'aws.securityhub' || !parsed.success) return { ignored: 'malformed finding of Security Hub' };
  const hints = parsed.data.findings
    .filter((finding) => finding.AwsAccountId === event.account && finding.RecordState !== 'ARCHIVED')
    .filter(({ Compliance }) => Compliance?.Status === 'FAILED')
    .flatMap(({ Compliance, Resources }) =>
      controls
        .filter(({ frameworks }) => frameworks.fsbp?.includes(Compliance?.SecurityControlId ?? ''))
        .flatMap((control) =>
          Resources.map(({ Id }): Hint => ({ ...origin(event, 'security-hub'), control: control.id, resource: Id })),
        ),
    );
  return hints.length > 0 ? { hints } : { ignored: 'no finding of a control, open and of this account' };
}

function governed(hints: readonly Hint[], controls: readonly Control[], settings: Settings): Reading {
  const kept: Hint[] = [];
  const reasons: string[] = [];
  for (const hint of hints) {
    const control = controls.find(({ id }) => id === hint.control);
    const reason = control ? whyNotGoverned(hint, control, settings) : `there is no control "${hint.control}"`;
    if (!control || reason) reasons.push(reason ?? '');
    else kept.push(normal(hint, control, settings));
  }
  return kept.length > 0 ? { hints: kept } : { ignored: [...new Set(reasons)].join('; ') };
}

function whyNotGoverned(
  { account, region, control: id }: Hint,
  control: Control,
  settings: Settings,
): string | undefined {
  const found = settings.accounts[account];
  if (!found) return `account ${account} is not governed`;
  if (!found.modes[id]) return `control "${id}" is off in account ${account}`;
  if (control.scope === 'regional' && !found.regions.includes(region))
    return `region ${region} of account ${account} is not governed`;
  return undefined;
}

/** A global control has one place, and an account setting one id, whatever the event says. */
const normal = (hint: Hint, control: Control, settings: Settings): Hint => ({
  ...hint,
  region: control.scope === 'global' ? settings.globalRegion : hint.region,
  resource: control.resource === ACCOUNT ? hint.account : hint.resource,
});
