import type { Json } from '../../model/control.ts';

/** A deploy-time value in a scenario: it has the value `is`, or none of the values in `not`. */
type Answer = { readonly is: Json } | { readonly not: readonly Json[] };

/** One combination of parameters and conditions; it answers only the questions that were asked so far. */
export type Scenario = { readonly [question: string]: Answer };

/** Whether a scenario answers no question yet. */
export function isEmpty(scenario: Scenario): boolean {
  for (const _question in scenario) return false;
  return true;
}

/** The most combinations that are evaluated; each question can double them. */
export const MAX_SCENARIOS = 64;

// Thrown for control flow. They do not extend Error, because collecting a stack trace is slow.
class OpenQuestion {
  readonly question: string;
  readonly answers: readonly Answer[];
  constructor(question: string, answers: readonly Answer[]) {
    this.question = question;
    this.answers = answers;
  }
}
class Rejected {}

/**
 * Runs a pure function once for each combination of answers to its questions; undefined if there are too many. A new
 * question throws, and the function runs again with each answer.
 */
export function forEachScenario<T>(run: (scenario: Scenario) => T): T[] | undefined {
  const results: T[] = [];
  const open: Scenario[] = [{}];
  let tried = 0;
  for (let scenario = open.pop(); scenario; scenario = open.pop()) {
    try {
      results.push(run(scenario));
      tried++;
    } catch (thrown) {
      if (thrown instanceof OpenQuestion) open.push(...thrown.answers.map(into(scenario, thrown.question)).reverse());
      else if (thrown instanceof Rejected) tried++;
      else throw thrown;
    }
    if (tried + open.length > MAX_SCENARIOS) return undefined;
  }
  return results;
}

const into = (scenario: Scenario, question: string) => (answer: Answer) => ({ ...scenario, [question]: answer });

/** The result of a function that asks no new question; undefined if it asks one. */
export function ifDecided<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof OpenQuestion) return undefined;
    throw thrown;
  }
}

/** Drops a scenario that cannot be deployed, so it needs no verdict. */
export function rejectScenario(): never {
  throw new Rejected();
}

/** Returns the scenario's value out of all possible ones. */
export function chooseOne(question: string, answers: readonly Json[], scenario: Scenario): Json {
  const known = scenario[question];
  if (known && 'is' in known) return known.is;
  const [only, ...others] = answers;
  if (only !== undefined && others.length === 0) return only;
  throw new OpenQuestion(
    question,
    answers.map((is) => ({ is })),
  );
}

/** Returns the scenario's value if it is one of these; undefined for any other value. */
export function chooseAmong(question: string, values: readonly string[], scenario: Scenario): string | undefined {
  const known = scenario[question];
  if (known && 'is' in known) return String(known.is);
  const not = known?.not ?? [];
  const open = values.filter((value) => !not.includes(value));
  if (open.length === 0) return undefined;
  throw new OpenQuestion(question, [...open.map((is) => ({ is })), { not: [...not, ...open] }]);
}
