/** A word that Evenkeel does not use, and the term in its place. */
export interface OldWord {
  /** Words in lower case; `ownRule`, `OWN_RULE`, `own-rule` and `own rule` are all `own rule`. */
  readonly word: string;
  readonly term: string;
  /** Where the word is searched for: in names of code, in text that a person reads, or in both. */
  readonly in?: 'names' | 'text';
}

/** A place where an old word is right. */
export interface Allowed {
  readonly words: readonly string[];
  /** Found on the same line, and in the path of the file. */
  readonly line?: RegExp;
  readonly file?: RegExp;
  readonly reason: string;
}

const list = (term: string, words: string, where?: OldWord['in']): OldWord[] =>
  words.split(', ').map((word) => ({ word, term, ...(where && { in: where }) }));

/** The words besides those of the second table of docs/concepts.md. */
export const OLD_WORDS: readonly OldWord[] = [
  ...list(
    'exempt, exemption',
    'spare, spared, spares, sparing, waive, waived, waives, waiver, waivers, waiving, excepted',
  ),
  ...list('rollout', 'regime, regimes'),
  ...list('safeguards', 'brake, brakes'),
  ...list('permit', 'slot, slots'),
  ...list('executions', 'ledger, ledgers'),
  ...list('circuit breaker, statistics or metric', 'tally, tallies, tallied'),
  ...list('open (of a circuit breaker)', 'tripped, trips'),
  ...list('trigger', 'hint, hints, hinted'),
  ...list('target state', 'aim, aims, aimed'),
  ...list('divergence', 'fate, fates'),
  ...list('API handler', 'door, doors'),
  ...list('operator command', 'wish, wishes, wished'),
  ...list('notification', 'notices'),
  ...list('notification', 'notice', 'names'),
  ...list('notify', 'tell, tells, telling, told', 'names'),
  ...list(
    'notify, report or distinguish',
    'told of, is told, are told, was told, were told, be told, told apart, tells apart, tell apart',
  ),
  ...list('backlog', 'batch, batches'),
  ...list('grace period', 'graces, grace days'),
  ...list('custom rule', 'own rule, own rules'),
  ...list('parameters', 'given', 'names'),
  ...list('exceptions file', 'register, registers', 'names'),
  ...list('exceptions file', 'the register, a register, register of exceptions', 'text'),
  ...list('evaluate', 'judge, judges, judged, judging, judgement, judgment'),
  ...list('isolate or worker', 'apart', 'names'),
  ...list('unresolved', 'opaque'),
  ...list('substitutions', 'graft, grafts'),
  ...list('referencing resources', 'sibling, siblings'),
  ...list('vault administrators', 'custodian, custodians'),
  ...list('object lock', 'custody'),
  ...list('repair (live) or fix (templates)', 'mend, mends, mended, mending, put right, puts right, putting right'),
  ...list('dry run or forecast', 'foresee, foresees, foreseen'),
  ...list('maxMode', 'ceiling, ceilings'),
  ...list('identities', 'partiality'),
  ...list('unsynthesized template', 'surroundings', 'names'),
  ...list('scan target', 'spot, spots'),
  ...list('scan, read or list', 'look, looks, looking', 'names'),
  ...list('wait for, receive or notify', 'hear, hears, heard'),
  ...list('fixtures or a term of the subject', 'toy, toys, desk, player, breakage', 'names'),
  ...list('again', 'anew'),
  ...list('by default, or name the option', 'unless told, unless you say otherwise'),
  ...list('despite', 'in spite of'),
  ...list('name the actor: Evenkeel, you, the owner', 'nobody, somebody, whoever, everybody'),
  ...list('say what happens', 'comes of, come of, came of'),
  ...list('they, you', 'he, his, him, himself'),
];

/** The places where one of these words is right, each with its reason. */
export const ALLOWED: readonly Allowed[] = [
  {
    words: ['batch', 'batches'],
    line: /[Bb]atchItemFailures|SQSBatch|batchSize|[Bb]atch(?:Get|Write)|[Ff]ull batch|in batches of|[Pp]artial batch/,
    reason: "AWS's name for several messages or items in one call",
  },
  { words: ['notices'], line: /--no-notices/, reason: 'an option of the CDK CLI' },
  { words: ['door', 'doors'], file: /^test\//, reason: 'a resource type of the fixtures' },
  { words: ['custodian'], line: /Cloud Custodian/, reason: 'the name of a product' },
  {
    words: ['register'],
    line: /register(?:Command|Record)|\.register\(/,
    reason: 'a verb: registers a command, a record or a handler',
  },
];
