import { pluralize } from '../../text/words.ts';
import type { Verification } from '../verify/verification.ts';

/** Each verdict in one sentence. */
export const VERDICTS = {
  complete: 'The evidence is whole.',
  broken: 'The evidence is broken.',
  unjudged: 'Whether the evidence is whole could not be judged.',
} as const satisfies { readonly [V in Verification['verdict']]: string };

/** What a check of the evidence came to, for the front page: the verdict is told beside it. */
export function verifiedSentences({ records, digests, complete, findings, notes, verdict }: Verification): string[] {
  const spans = complete.map(({ first, last, from, until }) =>
    [
      first === last ? `Digest ${first} is` : `Digests ${first} to ${last} are`,
      `signed, in order and whole, with every record that ${first === last ? 'it lists' : 'they list'}: ${from ?? 'from the beginning'} to ${until}.`,
    ].join(' '),
  );
  const shown = findings.slice(0, SHOWN).map(({ kind, key, sentence }) => `${kind}: ${key}: ${sentence}`);
  const more = findings.length > SHOWN ? [`${findings.length - SHOWN} more findings are in verification.json.`] : [];
  return [
    ...(verdict === 'unjudged' ? [] : [`${records} records and ${pluralize(digests, 'signed digest')} were checked.`]),
    ...shown,
    ...more,
    ...spans,
    ...notes.map(({ sentence }) => sentence),
    ...(verdict === 'broken' ? ['What follows counts the evidence as it was found, what is named here included.'] : []),
  ];
}

const SHOWN = 10;
