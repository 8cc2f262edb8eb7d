import type { Exception } from '../exceptions/exception.ts';
import type { Control, Parameters } from '../model/control.ts';
import type { Config } from './config.ts';

/** What the hook goes by in every account; deployed beside its code. */
export interface HookRules {
  /** Parameters by control. */
  readonly parameters: { readonly [control: string]: Parameters };
  readonly exceptions: readonly Exception[];
}

/** What the hook goes by in one account and region; handed to its function by the stack. */
export interface HookPolicy {
  /** The controls that the account is not held to. */
  readonly off: readonly string[];
  /** The stacks that are never judged, by their exact names. */
  readonly stacks: readonly string[];
  readonly errors: Config['hookErrors'];
}

/**
 * Where a control is judged at deployment: by a resource's own properties once CloudFormation has resolved them, or, where
 * the state is spread over several resources, by the whole template. One place each, so that nothing is reported twice.
 */
export function evaluatedBy({ template }: Control): 'resource' | 'template' | undefined {
  if (!template) return undefined;
  return 'locate' in template ? 'template' : 'resource';
}
