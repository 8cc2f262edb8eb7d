import type { Answer, Call } from './types.ts';

/** The last answer to each read of each caller, for stale answers. */
export interface PreviousReads {
  of(call: Call, caller: string): Answer | undefined;
  keep(call: Call, caller: string, answer: Answer): void;
}

/** Makes an empty memory of reads, which drops the oldest first. */
export function rememberReads(limit = 2_000, largest = 256 * 1024): PreviousReads {
  const answers = new Map<string, Answer>();
  return {
    of: (call, caller) => answers.get(keyOf(call, caller)),
    keep(call, caller, answer) {
      if (answer.body.length > largest) return;
      const key = keyOf(call, caller);
      answers.delete(key);
      answers.set(key, answer);
      const oldest = answers.size > limit ? answers.keys().next().value : undefined;
      if (oldest !== undefined) answers.delete(oldest);
    },
  };
}

const keyOf = ({ service, action, region, params }: Call, caller: string) =>
  JSON.stringify([caller, region, service, action, params]);
