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
  hubFunction: (name: string) => `evenkeel-${name}`,
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

/** The key of the tag that each session of the hub in a governed account has; its value is the name of the session. */
export const SESSION_TAG = 'evenkeel:session';

/** The environment variables of the hub's functions. */
export type EnvironmentVariable =
  `EVENKEEL_${'TABLE' | 'VAULT' | 'OUTCOMES' | 'MACHINE' | 'DIGEST_KEY' | 'EXCEPTIONS' | 'TOPIC'}`;
