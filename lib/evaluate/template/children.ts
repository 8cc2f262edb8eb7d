import type { Control } from '../../model/control.ts';
import type { Finding } from '../finding.ts';
import { ReferenceIndex } from './references.ts';
import type { Template } from './template.ts';

/** The properties by which a child resource of this type refers to its owner; undefined if the control has no such child. */
const ownerProperties = ({ template }: Control, type: string): readonly string[] | undefined =>
  template && 'locate' in template ? template.children?.[type] : undefined;

/** The resource types that a control evaluates: its own, and children whose owner may be outside the template. */
export const evaluatedTypes = ({ templateType, template }: Control): readonly string[] =>
  template && 'locate' in template ? [templateType, ...Object.keys(template.children ?? {})] : [templateType];

/** Whether a control evaluates a resource by itself; a child whose owner is in the template is evaluated with the owner. */
export function isEvaluatedAlone(control: Control, template: Template, logicalId: string, type: string): boolean {
  const owners = type === control.templateType ? undefined : ownerProperties(control, type);
  return owners === undefined || !ReferenceIndex.of(template).belongs(logicalId, owners);
}

/** A finding for a child resource, whose properties are not those of the state. */
export function childFinding({ at: _at, change: _change, ...found }: Finding, { title }: Control): Finding {
  const remedy = found.verdict === 'violation' ? [`Change or delete the resource: ${title}.`] : [];
  return { ...found, property: 'Properties', path: ['Properties'], remedy };
}
