import type { Declaration, Origin } from './evidence.ts';
import { render } from './patch.ts';

/** Warns people of the next deployment, where the template itself is wrong: which stack, from which commit, and what puts it right. */
export function undoneBy(origin: Origin | undefined, declared: Declaration | undefined): string | undefined {
  if (origin !== 'template' || !declared) return undefined;
  const { stack, logicalId, patch = [] } = declared;
  return [
    `The template itself is wrong: the next deployment of stack ${stack} undoes the repair of ${logicalId}.`,
    `Put it right ${sourceOf(declared)}${patch.length > 0 ? `: ${render(patch).join('; ')}` : ''}.`,
  ].join(' ');
}

/** Where a resource is declared, as people read it. */
export const declaredIn = ({ stack, logicalId, repository, commit }: Declaration): string =>
  [`stack ${stack}`, logicalId, repository, commit && `commit ${commit}`].filter(Boolean).join(', ');

const sourceOf = ({ repository, commit }: Declaration) =>
  repository ? `in ${repository}${commit ? ` (deployed from ${commit})` : ''}` : 'in the template';
