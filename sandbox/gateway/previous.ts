import type { Answer } from './answer.ts';
import type { Call } from './wire.ts';

/** The last answer to each read, kept so that a stale replica can be played. */
export interface PreviousReads {
  of(call: Call, account: string): Answer | undefined;
  keep(call: Call, account: string, answer: Answer): void;
}

/** Makes an empty memory of reads: the least recent go first. */
export function rememberReads(limit = 2_000, largest = 256 * 1024): PreviousReads {
  const answers = new Map<string, Answer>();
  return {
    of: (call, account) => answers.get(keyOf(call, account)),
    keep(call, account, answer) {
      if (answer.body.length > largest) return;
      const key = keyOf(call, account);
      answers.delete(key);
      answers.set(key, answer);
      const oldest = answers.size > limit ? answers.keys().next().value : undefined;
      if (oldest !== undefined) answers.delete(oldest);
    },
  };
}

const keyOf = ({ service, action, region, params }: Call, account: string) =>
  JSON.stringify([account, region, service, action, params]);
