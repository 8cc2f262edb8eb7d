import type { Origin, TemplateSource } from '../evidence/record.ts';
import { render } from '../model/patch.ts';

/** Warns people of the next deployment, where the template itself is wrong: which stack, from which commit, and what puts it right. */
export function driftWarning(
  origin: Origin | undefined,
  templateSource: TemplateSource | undefined,
): string | undefined {
  if (origin !== 'template' || !templateSource) return undefined;
  const { stack, logicalId, patch = [] } = templateSource;
  return [
    `The template itself is wrong: the next deployment of stack ${stack} undoes the repair of ${logicalId}.`,
    `Put it right ${sourceOf(templateSource)}${patch.length > 0 ? `: ${render(patch).join('; ')}` : ''}.`,
  ].join(' ');
}

/** Where a resource is declared, as people read it. */
export const templateSourceText = ({ stack, logicalId, repository, commit }: TemplateSource): string =>
  [`stack ${stack}`, logicalId, repository, commit && `commit ${commit}`].filter(Boolean).join(', ');

const sourceOf = ({ repository, commit }: TemplateSource) =>
  repository ? `in ${repository}${commit ? ` (deployed from ${commit})` : ''}` : 'in the template';
