import { neutralized } from '../../text/printable.ts';
import { pluralize } from '../../text/words.ts';
import type { Finding, FindingKind, Note, Span, Verification } from './verification.ts';

/** The next step for each kind of finding. */
const ADVICE = {
  altered: 'Get the version that the digest lists from the vault. This copy was changed after it was written.',
  missing: 'Look in the vault: Object Lock prevents the deletion of a version before its lock ends.',
  added: 'Evenkeel did not write it, or no digest lists it. Find the writer in CloudTrail.',
  forged: 'Check that the public key is the right one. If it is, Evenkeel did not sign this digest.',
  misplaced: 'It was renamed or copied.',
  replaced: 'Read the version that the digest lists, and find the writer of this one in CloudTrail.',
  rewritten: 'The first version still exists and was verified. Find the writer of the later one in CloudTrail.',
  hidden: 'The record still exists as a version and was verified. Find the writer of the delete marker in CloudTrail.',
  repeated: 'Two objects claim the same place. Keep both, and find out which one is valid.',
  'out-of-order': 'Evenkeel does not write in this order. Keep it, and find its writer.',
  unlocked: 'Lock it for as long as the other objects.',
} as const satisfies { readonly [Kind in FindingKind]: string };

/** The number of findings of a kind in the text; JSON holds all. */
const SHOWN = 20;

/** The text of a verification for the terminal. */
export function verificationText(verification: Verification): string {
  const { source, records, digests, findings, notes, lastDigest, lockedUntil } = neutralized(verification);
  return [
    `${source}: ${verdictText(verification)}`,
    '',
    `${pluralize(records, 'record')}, ${pluralize(digests, 'trusted digest')}.`,
    ...verification.complete.map(spanText),
    ...(lastDigest
      ? [
          `The last digest is from ${lastDigest.at}. Nothing is proven for later records.`,
          `Its SHA-256 is ${lastDigest.sha256}. Write it down: a later verification proves with --expect that this digest is still there.`,
          `Completeness after ${lastDigest.until} will be proven by the next digest.`,
        ]
      : []),
    ...(lockedUntil ? [`Every object is locked until at least ${lockedUntil}.`] : []),
    ...findingGroups(findings),
    ...(notes.length > 0 ? ['', 'Notes:', ...notes.flatMap(noteLines)] : []),
    '',
  ].join('\n');
}

function verdictText({ verdict, findings, lastDigest }: Verification): string {
  switch (verdict) {
    case 'complete':
      return `complete until ${lastDigest?.until}. No record or digest up to then was removed, added or altered.`;
    case 'broken':
      return `BROKEN. ${pluralize(findings.length, 'finding')}.`;
    case 'unverified':
      return 'could not be verified.';
    default:
      return verdict satisfies never;
  }
}

/** The notes whose objects the text lists; JSON lists those of all notes. */
const WITH_KEYS: readonly Note['kind'][] = ['shorter-lock', 'late', 'unproven'];

const noteLines = ({ kind, sentence, keys = [] }: Note) => [
  `  ${sentence}`,
  ...(WITH_KEYS.includes(kind) ? firstLines(keys, (key) => [`    ${key}`]) : []),
];

const firstLines = <T>(all: readonly T[], lines: (one: T) => readonly string[]): string[] => [
  ...all.slice(0, SHOWN).flatMap(lines),
  ...(all.length > SHOWN ? [`  … and ${all.length - SHOWN} more: see --format json`] : []),
];

const spanText = ({ first, last, from, until }: Span) =>
  `Complete from ${from ?? 'the beginning'} to ${until} (${first === last ? `digest ${first}` : `digests ${first} to ${last}`}).`;

function findingGroups(findings: readonly Finding[]): string[] {
  const kinds = [...new Set(findings.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const all = findings.filter((finding) => finding.kind === kind);
    return [
      '',
      `${kind} (${all.length}). ${ADVICE[kind]}`,
      ...firstLines(all, ({ key, sentence }) => [`  ${key}`, `      ${sentence}`]),
    ];
  });
}

/** One sentence for each verdict, for the audit report. */
export const VERDICTS = {
  complete: 'The evidence is complete and unaltered.',
  broken: 'The evidence is broken.',
  unverified: 'The evidence could not be verified.',
} as const satisfies { readonly [V in Verification['verdict']]: string };

/** The sentences of a verification below its verdict, for the audit report. */
export function verificationSentences({
  records,
  digests,
  complete,
  findings,
  notes,
  verdict,
}: Verification): string[] {
  const spans = complete.map(({ first, last, from, until }) =>
    [
      first === last ? `Digest ${first} is` : `Digests ${first} to ${last} are`,
      `signed, in order and complete, with every record that ${first === last ? 'it lists' : 'they list'}: ${from ?? 'from the beginning'} to ${until}.`,
    ].join(' '),
  );
  const shown = findings.slice(0, REPORTED).map(({ kind, key, sentence }) => `${kind}: ${key}: ${sentence}`);
  const more =
    findings.length > REPORTED ? [`verification.json lists ${findings.length - REPORTED} more findings.`] : [];
  return [
    ...(verdict === 'unverified'
      ? []
      : [`${records} records and ${pluralize(digests, 'signed digest')} were verified.`]),
    ...shown,
    ...more,
    ...spans,
    ...notes.map(({ sentence }) => sentence),
    ...(verdict === 'broken' ? ['The report counts the evidence as found, including the objects listed here.'] : []),
  ];
}

/** The number of findings in the audit report. */
const REPORTED = 10;
