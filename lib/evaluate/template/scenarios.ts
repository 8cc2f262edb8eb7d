import type { Json } from '../../model/control.ts';

/** What a world says of something that only deployment decides: which value it has, or which ones it has not. */
type Answer = { readonly is: Json } | { readonly not: readonly Json[] };

/** One way in which a template's parameters and conditions can come out; what nobody asked about is not decided. */
export type Scenario = { readonly [question: string]: Answer };

/** Whether nobody has asked anything in this world. */
export function isOpen(world: Scenario): boolean {
  for (const _question in world) return false;
  return true;
}

/** Above this many combinations a verdict would cost more than it tells. */
const LIMIT = 64;

// Neither is an error, and the trace that every Error collects would cost more than the question.
class Undecided {
  readonly question: string;
  readonly answers: readonly Answer[];
  constructor(question: string, answers: readonly Answer[]) {
    this.question = question;
    this.answers = answers;
  }
}
class Impossible {}

/**
 * Runs a pure function once for each combination of the answers that it asks for; undefined when there are more than
 * 64. A question that comes up is asked by throwing, and the run starts again with each answer.
 */
export function forEachScenario<T>(run: (world: Scenario) => T): T[] | undefined {
  const results: T[] = [];
  const open: Scenario[] = [{}];
  let tried = 0;
  for (let world = open.pop(); world; world = open.pop()) {
    try {
      results.push(run(world));
      tried++;
    } catch (thrown) {
      if (thrown instanceof Undecided) open.push(...thrown.answers.map(into(world, thrown.question)).reverse());
      else if (thrown instanceof Impossible) tried++;
      else throw thrown;
    }
    if (tried + open.length > LIMIT) return undefined;
  }
  return results;
}

const into = (world: Scenario, question: string) => (answer: Answer) => ({ ...world, [question]: answer });

/** What a function makes of this world without asking; undefined where it would have to ask. */
export function unasked<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof Undecided) return undefined;
    throw thrown;
  }
}

/** Says that nobody can deploy the template in this world, so that no verdict is due. */
export function impossible(): never {
  throw new Impossible();
}

/** The one of some answers that holds in this world, and no other is possible. */
export function chooseOne(question: string, answers: readonly Json[], world: Scenario): Json {
  const known = world[question];
  if (known && 'is' in known) return known.is;
  const [only, ...others] = answers;
  if (only !== undefined && others.length === 0) return only;
  throw new Undecided(
    question,
    answers.map((is) => ({ is })),
  );
}

/** The one of some values that holds in this world, or undefined where something else does. */
export function chooseAmong(question: string, values: readonly string[], world: Scenario): string | undefined {
  const known = world[question];
  if (known && 'is' in known) return String(known.is);
  const not = known?.not ?? [];
  const open = values.filter((value) => !not.includes(value));
  if (open.length === 0) return undefined;
  throw new Undecided(question, [...open.map((is) => ({ is })), { not: [...not, ...open] }]);
}
