import type { Control, Parameters } from '../lib/model/control.ts';

/** The reaction to a violation: report it, fail the synthesis, or fix it and fail if there is no fix. */
export type Action = 'warn' | 'fail' | 'fix';

/** From the least strict to the strictest. */
export const ACTIONS: readonly Action[] = ['warn', 'fail', 'fix'];

/** An Aspect's request to enforce a control on a construct and everything below it. */
export interface Enforcement {
  /** The construct's path. */
  readonly scope: string;
  readonly control: Control;
  readonly action: Action;
  readonly parameters: Parameters | undefined;
}

type Evaluated = Pick<Enforcement, 'control' | 'parameters'>;

/** Controls by id that are evaluated together, each with one set of parameters. */
export type Pass = ReadonlyMap<string, Evaluated>;

/** Splits the requests into passes: one, or more if an id has several controls or a control several sets of parameters. */
export function passesOf(enforcements: readonly Enforcement[]): readonly Pass[] {
  const passes: Map<string, Evaluated>[] = [];
  for (const { control, parameters } of enforcements) {
    const isIn = (pass: Pass) => {
      const evaluated = pass.get(control.id);
      return evaluated?.control === control && evaluated.parameters === parameters;
    };
    if (passes.some(isIn)) continue;
    const free = passes.find((pass) => !pass.has(control.id));
    if (free) free.set(control.id, { control, parameters });
    else passes.push(new Map([[control.id, { control, parameters }]]));
  }
  return passes;
}

/**
 * Finds the strictest request for one resource. CDK computes a construct's path slowly, so `path` is called only if it
 * can change the result.
 */
export function effectiveEnforcement(
  enforcements: readonly Enforcement[],
  stack: string,
  path: () => string,
): Enforcement | undefined {
  let strictest: Enforcement | undefined;
  for (const enforcement of enforcements) {
    if (strictest && ACTIONS.indexOf(enforcement.action) <= ACTIONS.indexOf(strictest.action)) continue;
    if (within(stack, enforcement.scope) || within(path(), enforcement.scope)) strictest = enforcement;
  }
  return strictest;
}

/** Whether a construct's path is the scope or below it. */
export const within = (path: string, scope: string): boolean =>
  scope === '' || path === scope || path.startsWith(`${scope}/`);
