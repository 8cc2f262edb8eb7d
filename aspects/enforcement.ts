import type { Control, Parameters } from '../lib/model/control.ts';

/** What an Aspect does about a violation: says so, fails the synthesis, or puts it right and fails where it cannot. */
export type Action = 'warn' | 'fail' | 'fix';

/** From the least strict to the strictest. */
export const ACTIONS: readonly Action[] = ['warn', 'fail', 'fix'];

/** What an Aspect asks for everything at and below a construct. */
export interface Enforcement {
  /** The construct's path. */
  readonly scope: string;
  readonly control: Control;
  readonly action: Action;
  readonly parameters: Parameters | undefined;
}

type Judged = Pick<Enforcement, 'control' | 'parameters'>;

/** Controls by id that are judged together, each by one set of parameters. */
export type Pass = ReadonlyMap<string, Judged>;

/** One round, or as many as there are controls of one id, or sets of parameters for one control. */
export function passesOf(orders: readonly Enforcement[]): readonly Pass[] {
  const rounds: Map<string, Judged>[] = [];
  for (const { control, parameters } of orders) {
    const isIn = (round: Pass) => {
      const judged = round.get(control.id);
      return judged?.control === control && judged.parameters === parameters;
    };
    if (rounds.some(isIn)) continue;
    const free = rounds.find((round) => !round.has(control.id));
    if (free) free.set(control.id, { control, parameters });
    else rounds.push(new Map([[control.id, { control, parameters }]]));
  }
  return rounds;
}

/**
 * Of several orders for one resource the strictest holds. Where in its stack the resource stands is asked only if that
 * matters, for CDK takes long to tell.
 */
export function effectiveEnforcement(
  orders: readonly Enforcement[],
  stack: string,
  path: () => string,
): Enforcement | undefined {
  let best: Enforcement | undefined;
  for (const order of orders) {
    if (best && ACTIONS.indexOf(order.action) <= ACTIONS.indexOf(best.action)) continue;
    if (within(stack, order.scope) || within(path(), order.scope)) best = order;
  }
  return best;
}

/** Whether a construct's path is another's, or below it. */
export const within = (path: string, scope: string): boolean =>
  scope === '' || path === scope || path.startsWith(`${scope}/`);
