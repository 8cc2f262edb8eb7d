import type { Target } from '../model/control.ts';
import { dayOf } from '../model/time.ts';
import { type Reason, reasonText } from '../text/reasons.ts';
import type { Exception } from './exception.ts';

/** One resource of a template, as exceptions name it. */
export interface TemplatePlace {
  readonly control: string;
  /** The stack's name in CloudFormation; for a nested stack, the name of the stack that is deployed. */
  readonly stack: string;
  /** Absent in a nested stack, where a logical id may be the same as one of the parent's. */
  readonly logicalId?: string;
  /** The construct path, if CDK wrote the template. */
  readonly path?: string;
}

/** Whether an exception still applies: it does until the end of its last day. */
export const isInForce = ({ expires }: Exception, now: Date): boolean => dayOf(now) <= expires;

/** Whether an exception names a resource of a template, expired or not. Without a resource it names the whole stack. */
function matchesTemplate({ control, template }: Exception, place: TemplatePlace): boolean {
  if (control !== place.control || template?.stack !== place.stack) return false;
  const { resource } = template;
  return resource === undefined || resource === place.logicalId || isPath(resource, place.path);
}

/** CDK names the main resource of a construct "Resource" or "Default"; people name the construct. */
const isPath = (resource: string, path: string | undefined) =>
  path !== undefined && [path, path.replace(/\/(Resource|Default)$/, '')].includes(resource);

/** The exception that applies to a resource of a template today. */
export const exemptsTemplate = (exceptions: readonly Exception[], place: TemplatePlace, now: Date) =>
  exceptions.find((exception) => matchesTemplate(exception, place) && isInForce(exception, now));

/** The exception that applies to a live resource and a control today. */
export const exemptsLive = (exceptions: readonly Exception[], control: string, target: Target, now: Date) =>
  exceptions.find((exception) => matchesLive(exception, control, target) && isInForce(exception, now));

/** Whether an exception names a live resource, expired or not. Without a region or a resource it names all of the account. */
export const matchesLive = ({ control: id, live }: Exception, control: string, target: Target): boolean =>
  id === control &&
  live !== undefined &&
  live.account === target.account &&
  (live.region ?? target.region) === target.region &&
  (live.resource ?? target.id) === target.id;

/** The reason for an exemption, with the facts of its exception. */
export const exemptionReason = ({ id, approver, ticket, expires, reason }: Exception) =>
  ({ code: 'exempt', exception: id, approver, ticket, expires, reason }) as const satisfies Reason;

/** The sentence about an exemption in evidence, events and reports. */
export const exemptionText = (exception: Exception): string => reasonText(exemptionReason(exception));
