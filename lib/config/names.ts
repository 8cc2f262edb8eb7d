import type { Phase } from '../evidence/record.ts';

/**
 * Fixed names, because trust crosses accounts by them: a role that is recreated must keep its name, or every member
 * that trusts it breaks. Role names are unique per account, so only one Evenkeel can stand in an account.
 */
export const names = {
  /** The role, in every governed account, that reads for all controls. */
  observerRole: 'evenkeel-observer',
  /** The role, in a governed account, that may repair one control. */
  repairRole: (control: string) => `evenkeel-repair-${control}`,
  /** A hub function and its execution role share a name. */
  hubFunction: (step: HubFunction) => `evenkeel-${step}`,
  /** The AWS Config rule of a control. */
  configRule: (control: string) => `${configRulePrefix}${control}`,
  hubStack: 'evenkeel-hub',
  accountStack: 'evenkeel-account',
  inboundBus: 'evenkeel-inbound',
  outcomeBus: 'evenkeel-outcomes',
  machine: 'evenkeel-remediation',
  sweepMachine: 'evenkeel-sweep',
  workGroup: 'evenkeel',
  dashboard: 'evenkeel',
  /** The state table's index, and the attribute that brings an execution into it. */
  undigestedIndex: 'undigested',
  /** The state table's index of what waits for people, and the attribute that says what it waits as. */
  openIndex: 'openAs',
} as const;

/** What every Config rule of ours begins with, and no event pattern of ours goes beyond. */
export const configRulePrefix = 'evenkeel-';

/** What the keys of the state table begin with under which it stands that people were reminded; `remind` writes no others. */
export const REMINDER = 'reminder#';

/** The hub's functions; each has its own role and rights. */
export const hubFunctions = [
  'admit',
  'plan',
  'approve',
  'decide',
  'command',
  'repair',
  'settle',
  'sweep',
  'reevaluate',
  'circuit-breaker',
  'digest',
  'publish',
  'notify',
  'remind',
  'status',
  'dry-run',
] as const;

/** One of the hub's functions. */
export type HubFunction = (typeof hubFunctions)[number];

/**
 * The functions that write evidence records, and which: their own, and what the steps before them registered and may not
 * have come to write. Nobody else can.
 */
const recordPhases: { readonly [F in HubFunction]?: readonly Phase[] } = {
  plan: ['plan'],
  approve: ['plan', 'decision'],
  decide: ['plan', 'decision'],
  command: ['command'],
  repair: ['plan', 'decision', 'repair'],
  settle: ['plan', 'decision', 'repair', 'outcome'],
};

/** The phases whose records a function writes. */
export const phasesOf = (step: HubFunction): readonly Phase[] => recordPhases[step] ?? [];

/** The functions that write records, of one phase or of any. */
export const functionsThatRecord = (phase?: Phase): readonly HubFunction[] =>
  hubFunctions.filter((step) => (phase ? phasesOf(step).includes(phase) : phasesOf(step).length > 0));

/** The functions that write into the state table, and nobody else can. */
export const functionsThatWriteTable: readonly HubFunction[] = [
  'admit',
  ...functionsThatRecord(),
  'sweep',
  'circuit-breaker',
  'digest',
  'remind',
];

/** The functions that may assume the observer role; the repair function alone is trusted by the repair roles. */
export const functionsThatObserve: readonly HubFunction[] = ['admit', 'plan', 'sweep', 'reevaluate', 'dry-run'];
