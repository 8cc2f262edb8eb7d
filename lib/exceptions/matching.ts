import type { Target } from '../model/control.ts';
import { dayOf } from '../model/time.ts';
import type { Exception } from './exception.ts';

/** One resource of a template, as exceptions name it. */
export interface TemplatePlace {
  readonly control: string;
  /** CloudFormation's name of the stack; for what stands in a nested stack, of the stack that is deployed. */
  readonly stack: string;
  /** Left out in a nested stack, whose logical ids may be the same as its parent's. */
  readonly logicalId?: string;
  /** The construct's path, where CDK wrote the template. */
  readonly path?: string;
}

/** An exception holds until its last day is over. */
export const isInForce = ({ expires }: Exception, now: Date): boolean => dayOf(now) <= expires;

/** Whether an exception is about a resource of a template, expired or not; without a resource it is about the whole stack. */
function namesInTemplate({ control, template }: Exception, place: TemplatePlace): boolean {
  if (control !== place.control || template?.stack !== place.stack) return false;
  const { resource } = template;
  return resource === undefined || resource === place.logicalId || isPath(resource, place.path);
}

/** CDK calls the resource that a construct is made of "Resource" or "Default", and people name the construct. */
const isPath = (resource: string, path: string | undefined) =>
  path !== undefined && [path, path.replace(/\/(Resource|Default)$/, '')].includes(resource);

/** The exception that spares a resource of a template today. */
export const exemptsTemplate = (exceptions: readonly Exception[], place: TemplatePlace, now: Date) =>
  exceptions.find((exception) => namesInTemplate(exception, place) && isInForce(exception, now));

/** The exception that spares a live resource today, for one control. */
export const exemptsLive = (exceptions: readonly Exception[], control: string, target: Target, now: Date) =>
  exceptions.find((exception) => matchesLive(exception, control, target) && isInForce(exception, now));

/** Whether an exception is about a live resource, expired or not; without a region or resource it is about all of the account's. */
export const matchesLive = ({ control: id, live }: Exception, control: string, target: Target): boolean =>
  id === control &&
  live !== undefined &&
  live.account === target.account &&
  (live.region ?? target.region) === target.region &&
  (live.resource ?? target.id) === target.id;

/** Says by whose leave something is spared, for evidence, events and reports. */
export const exemptionText = ({ id, approver, ticket, expires, reason }: Exception): string =>
  `Spared by exception ${id}, approved by ${approver} (${ticket}), until ${expires}: ${reason}`;
