import type { Phase } from '../evidence/record.ts';

/**
 * Fixed names of resources. Member accounts trust the hub's roles by name, so a role that is created again must keep its name.
 * Role names are unique in an account, so an account can hold only one Evenkeel.
 */
export const names = {
  /** The role in every governed account that reads for all controls. */
  observerRole: 'evenkeel-observer',
  /** The role in a governed account that repairs for one control. */
  repairRole: (control: string) => `evenkeel-repair-${control}`,
  /** A hub function and its execution role, which have the same name. */
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
  /** The state table's index of executions with undigested records, and its attribute. */
  undigestedIndex: 'undigested',
  /** The state table's index of items that need people, and its attribute, which holds the kind of item. */
  openIndex: 'openAs',
} as const;

/** The prefix of the names of Evenkeel's AWS Config rules; event patterns match only these rules. */
export const configRulePrefix = 'evenkeel-';

/** The prefix of the keys of reminder items in the state table; the function `remind` writes no others. */
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
 * The functions that can write evidence records, and the phases of these records: their own, and those that an earlier step
 * registered but may have failed to write.
 */
const recordPhases: { readonly [F in HubFunction]?: readonly Phase[] } = {
  plan: ['plan'],
  approve: ['plan', 'decision'],
  decide: ['plan', 'decision'],
  command: ['command'],
  repair: ['plan', 'decision', 'repair'],
  settle: ['plan', 'decision', 'repair', 'outcome'],
};

/** The phases of the records that a function can write. */
export const phasesOf = (step: HubFunction): readonly Phase[] => recordPhases[step] ?? [];

/** The functions that can write records of a phase, or of any phase. */
export const functionsThatRecord = (phase?: Phase): readonly HubFunction[] =>
  hubFunctions.filter((step) => (phase ? phasesOf(step).includes(phase) : phasesOf(step).length > 0));

/** The functions that can write to the state table. */
export const functionsThatWriteTable: readonly HubFunction[] = [
  'admit',
  ...functionsThatRecord(),
  'sweep',
  'circuit-breaker',
  'digest',
  'remind',
];

/** The functions that can assume the observer role; only the repair function can assume repair roles. */
export const functionsThatObserve: readonly HubFunction[] = ['admit', 'plan', 'sweep', 'reevaluate', 'dry-run'];
