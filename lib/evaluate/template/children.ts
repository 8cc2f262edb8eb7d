import type { Control } from '../../model/control.ts';
import type { Finding } from '../finding.ts';
import { ReferenceIndex } from './references.ts';
import type { Template } from './template.ts';

/** The properties by which a resource of a type names its owner, where a control takes it for part of another resource. */
const ownersIn = ({ template }: Control, type: string): readonly string[] | undefined =>
  template && 'locate' in template ? template.children?.[type] : undefined;

/** The resource types that a control looks at by themselves: its own, and parts of what stands elsewhere. */
export const typesOf = ({ templateType, template }: Control): readonly string[] =>
  template && 'locate' in template ? [templateType, ...Object.keys(template.children ?? {})] : [templateType];

/** Whether a resource is judged by itself; a part is not where its owner is judged. */
export function isSubject(control: Control, template: Template, logicalId: string, type: string): boolean {
  const owners = type === control.templateType ? undefined : ownersIn(control, type);
  return owners === undefined || !ReferenceIndex.of(template).belongs(logicalId, owners);
}

/** A finding about a resource that carries a part of a state: its properties are not those of the state. */
export function childFinding({ at: _, change: _none, ...found }: Finding, { title }: Control): Finding {
  const remedy = found.verdict === 'violation' ? [`Change or delete the resource: ${title}.`] : [];
  return { ...found, property: 'Properties', path: ['Properties'], remedy };
}
