import type { Template } from '../../lib/evaluate/template/template.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import { exemptsTemplate } from '../../lib/exceptions/matching.ts';
import type { Json } from '../../lib/model/control.ts';
import { isObject } from '../../lib/model/json.ts';
import { isMadeOf } from './logical-id.ts';

/** Where exceptions are looked for. */
export interface ExemptionScope {
  readonly exceptions: readonly Exception[];
  readonly stack: string | undefined;
  readonly template: Template;
  readonly now: Date;
}

/** The exception that spares a resource of a stack that is being deployed. */
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

/** CDK writes a construct's path beside its resource; of a single resource CloudFormation hands on the properties alone. */
function pathIn({ Resources }: Template, logicalId: string): string | undefined {
  const { Metadata } = (Resources?.[logicalId] ?? {}) as { Metadata?: Json }; // any resource may have it
  const path = isObject(Metadata) ? Metadata['aws:cdk:path'] : undefined;
  return typeof path === 'string' ? path : undefined;
}

const pathAmong = (exceptions: readonly Exception[], stack: string, logicalId: string) =>
  exceptions
    .filter(({ template }) => template?.stack === stack)
    .map(({ template }) => template?.resource)
    .find((resource) => resource?.includes('/') && isMadeOf(logicalId, resource, stack));

/** CloudFormation calls a nested stack `<parent>-<logical id>-<random>`; exceptions name the stack that is deployed. */
function parentsOf(stack: string): string[] {
  const parent = stack.replace(/-[A-Za-z0-9]+-[0-9A-Z]{12,13}$/, '');
  return parent === stack ? [] : [parent, ...parentsOf(parent)];
}
