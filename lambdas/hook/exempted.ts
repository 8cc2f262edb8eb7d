import type { Template } from '../../lib/evaluate/template/template.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import { exemptsTemplate } from '../../lib/exceptions/matching.ts';
import type { Json } from '../../lib/model/control.ts';
import { isObject } from '../../lib/model/json.ts';
import { isMadeOf } from './logical-id.ts';

/** The scope in which exceptions are matched. */
export interface ExemptionScope {
  readonly exceptions: readonly Exception[];
  readonly stack: string | undefined;
  readonly template: Template;
  readonly now: Date;
}

/** Returns the exception for a resource of the deployed stack. */
export function exempting({ exceptions, stack, template, now }: ExemptionScope, control: string, logicalId: string) {
  if (stack === undefined) return undefined;
  const written = pathIn(template, logicalId);
  const path = written ?? pathAmong(exceptions, stack, logicalId);
  const own = exemptsTemplate(exceptions, { control, stack, logicalId, path }, now);
  if (own) return own;
  const [parent] = parentsOf(stack)
    .map((parent) => exemptsTemplate(exceptions, { control, stack: parent, path: written }, now))
    .filter((exception) => exception !== undefined);
  return parent;
}

/** The construct path in the metadata of the resource. For a single resource, CloudFormation sends only the properties. */
function pathIn({ Resources }: Template, logicalId: string): string | undefined {
  const { Metadata } = (Resources?.[logicalId] ?? {}) as { Metadata?: Json }; // every resource may have Metadata
  const path = isObject(Metadata) ? Metadata['aws:cdk:path'] : undefined;
  return typeof path === 'string' ? path : undefined;
}

const pathAmong = (exceptions: readonly Exception[], stack: string, logicalId: string) =>
  exceptions
    .filter(({ template }) => template?.stack === stack)
    .map(({ template }) => template?.resource)
    .find((resource) => resource?.includes('/') && isMadeOf(logicalId, resource, stack));

/** The parents of a nested stack, whose name is `<parent>-<logical id>-<random>`. Exceptions name the stack that is deployed. */
function parentsOf(stack: string): string[] {
  const parent = stack.replace(/-[A-Za-z0-9]+-[0-9A-Z]{12,13}$/, '');
  return parent === stack ? [] : [parent, ...parentsOf(parent)];
}
