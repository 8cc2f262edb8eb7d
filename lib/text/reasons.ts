import type { Json } from '../model/control.ts';
import { evidenceSentences } from './evidence-sentences.ts';
import { governanceSentences } from './governance-sentences.ts';
import { ignoredSentences } from './ignored-sentences.ts';
import { outcomeSentences } from './outcome-sentences.ts';
import { inLine } from './printable.ts';
import { refusalSentences } from './refusal-sentences.ts';

/** The sentence of every code: a text, or a function of its facts. A code's facts are plain JSON. */
export const sentences = {
  ...outcomeSentences,
  ...governanceSentences,
  ...refusalSentences,
  ...evidenceSentences,
  ...ignoredSentences,
} satisfies { readonly [code: string]: string | ((facts: never) => string) };

type Sentences = typeof sentences;
type FactsOf<Sentence> = Sentence extends (facts: infer Facts) => string ? Facts : unknown;

/** A code with its facts, such as `{ code: 'flapping', count: 3, minutes: 10 }`. */
export type Reason = { [Code in keyof Sentences]: { readonly code: Code } & FactsOf<Sentences[Code]> }[keyof Sentences];

/** A reason as evidence and events hold it. Another version of Evenkeel may have written it, with codes of its own. */
export interface RecordedReason {
  readonly code: string;
  readonly [fact: string]: Json | undefined;
}

/** The reasons of a result as codes and facts, and their sentences as Evenkeel worded them at that time. */
export interface Explanation {
  readonly because: readonly Reason[];
  readonly reason: string;
}

/** An explanation as evidence and events hold it. */
export interface RecordedExplanation {
  readonly because: readonly RecordedReason[];
  readonly reason: string;
}

/** Words reasons, and keeps their codes and facts beside the text. */
export const explain = (...because: readonly Reason[]): Explanation => ({ because, reason: reasonText(...because) });

/** The sentences of reasons, in one line. */
export const reasonText = (...reasons: readonly Reason[]): string => reasons.map(sentenceOf).join(' ');

function sentenceOf(reason: Reason): string {
  const sentence: string | ((facts: never) => string) = sentences[reason.code];
  const text = typeof sentence === 'string' ? sentence : sentence(safe(reason) as never); // the facts of this very code
  return `${inLine(text, Number.POSITIVE_INFINITY).replace(/[\s.!?;:,]+$/u, '')}.`;
}

/** Facts come from outside: names of resources, error messages, reasons that people typed. */
function safe(fact: Json | undefined): Json | undefined {
  if (typeof fact === 'string') return inLine(fact);
  if (Array.isArray(fact)) return fact.map((item) => safe(item) ?? null);
  if (typeof fact !== 'object' || fact === null) return fact;
  return Object.fromEntries(Object.entries(fact).map(([name, value]) => [name, safe(value)]));
}
