import type { Exception } from '../exceptions/exception.ts';
import type { Control, Parameters } from '../model/control.ts';
import type { Config } from './config.ts';

/** The rules of the hook that are the same in every account; they are deployed with its code. */
export interface HookRules {
  /** Parameters by control. */
  readonly parameters: { readonly [control: string]: Parameters };
  readonly exceptions: readonly Exception[];
}

/** The rules of the hook in one account and region; the region stack passes them to the hook's function. */
export interface HookPolicy {
  /** The controls that are off in the account. */
  readonly off: readonly string[];
  /** The names of the stacks that the hook does not evaluate. */
  readonly stacks: readonly string[];
  readonly errors: Config['hookErrors'];
}

/**
 * Whether the hook evaluates a control on a resource, whose properties CloudFormation has resolved, or on the whole template,
 * because the state is spread over several resources. It uses one of the two, so that nothing is reported twice.
 */
export function evaluatedBy({ template }: Control): 'resource' | 'template' | undefined {
  if (!template) return undefined;
  return 'locate' in template ? 'template' : 'resource';
}
