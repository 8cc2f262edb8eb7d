import { App, type CfnResource, Stack } from 'aws-cdk-lib/core';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import { addSurroundings, construct } from './constructs.ts';
import type { Case } from './corpus/case.ts';
import type { Pair } from './pairs.ts';

/** What either side says of a resource; cdk-nag throws where it cannot say. */
export type Word = 'compliant' | 'violation' | 'unknown';

/** A case with what both sides say of it. */
export interface Compared {
  readonly pair: Pair;
  readonly tried: Case;
  readonly ours: Word;
  readonly nag: Word;
}

// A rule of cdk-nag looks for siblings in the whole stack, so that large ones are slow.
const TOGETHER = 50;

/** Runs both sides over all cases of a pair, on the same CDK app: cdk-nag on its constructs, ours on its templates. */
export const compare = (pair: Pair): Compared[] => chunks(pair).flatMap((cases) => compareStack(pair, cases));

function compareStack(pair: Pair, cases: readonly Case[]): Compared[] {
  const app = new App({ analyticsReporting: false, context: { '@aws-cdk/core:stackResourceLimit': 0 } });
  const stack = new Stack(app, 'Corpus');
  addSurroundings(stack);
  const made = new Map<string, CfnResource>();
  for (const { resources, as } of cases)
    for (const [id, resource] of Object.entries(resources)) made.set(id, construct(stack, id, resource, as));
  const said = new Map(cases.map((tried) => [tried, worst(tried.subjects.map((id) => nagSays(pair, made.get(id))))]));
  const { template } = app.synth().getStackByName('Corpus');
  const parameters = pair.parameters && { [pair.control.id]: pair.parameters };
  const { findings } = evaluate([pair.control], template, { parameters });
  const found = new Map(findings.map(({ logicalId, verdict }) => [logicalId, verdict]));
  return cases.map((tried) => ({
    pair,
    tried,
    ours: worst(tried.subjects.map((id) => found.get(id) ?? 'compliant')),
    nag: said.get(tried) ?? 'compliant',
  }));
}

function nagSays({ nag }: Pair, resource: CfnResource | undefined): Word {
  if (!resource) throw new Error('A case names a subject that is not among its resources.');
  try {
    return nag(resource) === 'Compliant' ? 'compliant' : 'violation';
  } catch {
    return 'unknown';
  }
}

const worst = (words: readonly Word[]): Word =>
  words.includes('violation') ? 'violation' : words.includes('unknown') ? 'unknown' : 'compliant';

function chunks({ cases, together = TOGETHER }: Pair): Case[][] {
  const count = Math.ceil(cases.length / together);
  return Array.from({ length: count }, (_, n) => cases.slice(n * together, (n + 1) * together));
}
