import { type Patch, render } from '../model/patch.ts';
import { listed } from './words.ts';

/** The template that declares a resource. */
interface TemplateSource {
  readonly stack: string;
  readonly logicalId: string;
  readonly repository?: string;
  readonly commit?: string;
  readonly patch?: Patch;
}

/** Warns of the next deployment where the template itself violates the control. */
export function driftWarning(origin?: string, templateSource?: TemplateSource): string | undefined {
  if (origin !== 'template' || !templateSource) return undefined;
  const { stack, logicalId, repository, commit, patch = [] } = templateSource;
  const place = repository ? `${repository}${commit ? ` (deployed from ${commit})` : ''}` : 'the template';
  const change = patch.length > 0 ? `: ${listed(render(patch))}` : '';
  return `The template violates the control. The next deployment of stack ${stack} reverts the repair of ${logicalId}. Fix it in ${place}${change}.`;
}

/** The place where a resource is declared, in one line. */
export const templateSourceText = ({ stack, logicalId, repository, commit }: TemplateSource): string =>
  [`stack ${stack}`, logicalId, repository, commit && `commit ${commit}`].filter(Boolean).join(', ');
