import type { Control, Given } from '../lib/control.ts';

/** What an Aspect does about a violation: says so, fails the synthesis, or puts it right and fails where it cannot. */
export type Action = 'warn' | 'fail' | 'fix';

/** From the least strict to the strictest. */
export const ACTIONS: readonly Action[] = ['warn', 'fail', 'fix'];

/** What an Aspect asks for everything at and below a construct. */
export interface Order {
  /** The construct's path. */
  readonly scope: string;
  readonly control: Control;
  readonly action: Action;
  readonly given: Given | undefined;
}

type Judged = Pick<Order, 'control' | 'given'>;

/** Controls by id that are judged together, each by one set of parameters. */
export type Round = ReadonlyMap<string, Judged>;

/** One round, or as many as there are controls of one id, or sets of parameters for one control. */
export function roundsOf(orders: readonly Order[]): readonly Round[] {
  const rounds: Map<string, Judged>[] = [];
  for (const { control, given } of orders) {
    const isIn = (round: Round) => {
      const judged = round.get(control.id);
      return judged?.control === control && judged.given === given;
    };
    if (rounds.some(isIn)) continue;
    const free = rounds.find((round) => !round.has(control.id));
    if (free) free.set(control.id, { control, given });
    else rounds.push(new Map([[control.id, { control, given }]]));
  }
  return rounds;
}

/**
 * Of several orders for one resource the strictest holds. Where in its stack the resource stands is asked only if that
 * matters, for CDK takes long to tell.
 */
export function strictest(orders: readonly Order[], stack: string, path: () => string): Order | undefined {
  let best: Order | undefined;
  for (const order of orders) {
    if (best && ACTIONS.indexOf(order.action) <= ACTIONS.indexOf(best.action)) continue;
    if (within(stack, order.scope) || within(path(), order.scope)) best = order;
  }
  return best;
}

/** Whether a construct's path is another's, or below it. */
export const within = (path: string, scope: string): boolean =>
  scope === '' || path === scope || path.startsWith(`${scope}/`);
