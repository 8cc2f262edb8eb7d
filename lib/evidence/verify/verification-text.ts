import { pluralize } from '../../text/words.ts';
import type { Finding, FindingKind, Note, Span, Verification } from './verification.ts';

/** What to do about a finding. */
const ADVICE = {
  altered: 'Ask the vault itself for the version that the digest lists; whoever had this copy in hand changed it.',
  missing: 'Ask the vault itself: with Object Lock a version cannot have been deleted before its time.',
  added: 'Evenkeel did not write it, or no digest says so. Look into CloudTrail for who did.',
  forged: 'Check that the public key is the right one; if it is, somebody else made the digest.',
  misplaced: 'Somebody renamed or copied it.',
  replaced: 'Read the version that the digest lists, and look into CloudTrail for who wrote this one.',
  rewritten: 'The first version is still there, and was judged. Look into CloudTrail for who wrote another.',
  hidden: 'The record is still there under its version, and was judged. Look into CloudTrail for who hid it.',
  repeated: 'Two things claim one place: keep both, and find out which is true.',
  'out of order': 'What wrote it did not do as Evenkeel does: keep it, and find out who wrote it.',
  unlocked: 'Lock it, for as long as the rest is locked.',
} as const satisfies { readonly [Kind in FindingKind]: string };

/** How many of a kind are shown to people; a machine gets all. */
const SHOWN = 20;

/** A verification as an auditor reads it. */
export function render(verification: Verification): string {
  const { source, records, digests, findings, notes, lastDigest, lockedUntil } = verification;
  return [
    `${source}: ${verdict(verification)}`,
    '',
    `${pluralize(records, 'record')}, ${pluralize(digests, 'digest')} that can be trusted.`,
    ...verification.complete.map(span),
    ...(lastDigest
      ? [
          `The last digest was made at ${lastDigest.at}; nothing is proved of what came after.`,
          `That nothing is missing of what was recorded after ${lastDigest.until} is for the next digest to prove.`,
        ]
      : []),
    ...(lockedUntil ? [`Everything is locked until ${lockedUntil} at least.`] : []),
    ...groups(findings),
    ...(notes.length > 0 ? ['', 'To know:', ...notes.flatMap(noteLines)] : []),
    '',
  ].join('\n');
}

function verdict({ verdict, findings }: Verification): string {
  switch (verdict) {
    case 'complete':
      return 'whole. Nothing was taken out, added or altered.';
    case 'broken':
      return `BROKEN. ${pluralize(findings.length, 'finding')}.`;
    case 'unjudged':
      return 'could not be judged.';
    default:
      return verdict satisfies never;
  }
}

/** Notes that somebody should look into; of the others a machine gets the keys. */
const LOOKED_INTO: readonly Note['kind'][] = ['shorter lock', 'late', 'unproven'];

const noteLines = ({ kind, sentence, keys = [] }: Note) => [
  `  ${sentence}`,
  ...(LOOKED_INTO.includes(kind) ? some(keys, (key) => [`    ${key}`]) : []),
];

/** The lines about the first of many. */
const some = <T>(all: readonly T[], lines: (one: T) => readonly string[]): string[] => [
  ...all.slice(0, SHOWN).flatMap(lines),
  ...(all.length > SHOWN ? [`  … and ${all.length - SHOWN} more: see --format json`] : []),
];

const span = ({ first, last, from, until }: Span) =>
  `Whole from ${from ?? 'the beginning'} to ${until} (${first === last ? `digest ${first}` : `digests ${first} to ${last}`}).`;

function groups(findings: readonly Finding[]): string[] {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const all = findings.filter((finding) => finding.kind === kind);
    return [
      '',
      `${kind} (${all.length}). ${ADVICE[kind]}`,
      ...some(all, ({ key, sentence }) => [`  ${key}`, `      ${sentence}`]),
    ];
  });
}
