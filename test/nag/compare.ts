import { App, type CfnResource, Stack } from 'aws-cdk-lib/core';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import { addParameters, construct } from './constructs.ts';
import type { Case } from './corpus/case.ts';
import type { Pair } from './pairs.ts';

/** A verdict; `unknown` stands for an error of cdk-nag. */
export type Verdict = 'compliant' | 'violation' | 'unknown';

/** A case with both verdicts. */
export interface Compared {
  readonly pair: Pair;
  readonly tried: Case;
  readonly ours: Verdict;
  readonly nag: Verdict;
}

// The rules of cdk-nag search the whole stack, so large stacks are slow.
const CASES_PER_STACK = 50;

/** Runs both on all cases of a pair in one CDK app: cdk-nag on the constructs, Evenkeel on the templates. */
export const compare = (pair: Pair): Compared[] => chunks(pair).flatMap((cases) => compareStack(pair, cases));

function compareStack(pair: Pair, cases: readonly Case[]): Compared[] {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
  const stack = new Stack(app, 'Corpus');
  addParameters(stack);
  const made = new Map<string, CfnResource>();
  for (const { resources, as } of cases)
    for (const [id, resource] of Object.entries(resources)) made.set(id, construct(stack, id, resource, as));
  const nagVerdicts = new Map(
    cases.map((tried) => [tried, worst(tried.subjects.map((id) => nagVerdict(pair, made.get(id))))]),
  );
  const { template } = app.synth().getStackByName('Corpus');
  const parameters = pair.parameters && { [pair.control.id]: pair.parameters };
  const { findings } = evaluate([pair.control], template, { parameters });
  const found = new Map(findings.map(({ logicalId, verdict }) => [logicalId, verdict]));
  return cases.map((tried) => ({
    pair,
    tried,
    ours: worst(tried.subjects.map((id) => found.get(id) ?? 'compliant')),
    nag: nagVerdicts.get(tried) ?? 'compliant',
  }));
}

function nagVerdict({ nag }: Pair, resource: CfnResource | undefined): Verdict {
  if (!resource) throw new Error('The subject of a case is not one of its resources.');
  try {
    return nag(resource) === 'Compliant' ? 'compliant' : 'violation';
  } catch {
    return 'unknown';
  }
}

const worst = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes('violation') ? 'violation' : verdicts.includes('unknown') ? 'unknown' : 'compliant';

function chunks({ cases, together = CASES_PER_STACK }: Pair): Case[][] {
  const count = Math.ceil(cases.length / together);
  return Array.from({ length: count }, (_, n) => cases.slice(n * together, (n + 1) * together));
}
