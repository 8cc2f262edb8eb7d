import type { EnvironmentVariable } from '../config/names.ts';
import type { Phase } from '../evidence/record.ts';

type TableOperation = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/** A right of a hub function. The construct `HubFunctions` translates each into IAM statements. */
export type Right =
  | `table:${TableOperation}`
  | 'query-open-items'
  | 'scan-undigested-records'
  | 'update-reminders'
  | 'assume-observer-roles'
  | 'assume-repair-roles'
  | 'start-executions'
  | 'resume-executions'
  | 'publish-outcomes'
  | 'send-notifications'
  | 'publish-exceptions'
  | 'write-digests'
  | 'sign-digests'
  | 'read-identity-center-roles';

/** The declaration of one hub function. Its code is `lambdas/<function>/handler.ts`. */
export interface FunctionDeclaration {
  /** The description in the Lambda console. */
  readonly description: string;
  /** The time-out in seconds. */
  readonly timeout: number;
  /** The memory in megabytes. Default: 512. */
  readonly memory?: number;
  readonly rights: readonly Right[];
  readonly environment: readonly EnvironmentVariable[];
  /** The phases of the evidence records that it writes: its own, and those that an earlier step registered but failed to write. */
  readonly records?: readonly Phase[];
}

const table = (...operations: readonly TableOperation[]) =>
  operations.map((operation) => `table:${operation}` as const);

/** The hub's Lambda functions. Each has its own role, and none has a right on a governed resource. */
export const hubFunctions = {
  admit: {
    description: 'Starts one execution for an event and takes the lock on its resource',
    timeout: 60,
    rights: [...table('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'), 'start-executions', 'assume-observer-roles'],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_MACHINE'],
  },
  plan: {
    description: 'Reads a resource, evaluates it, and writes the plan of its repair to the vault',
    timeout: 60,
    rights: [...table('GetItem', 'PutItem', 'UpdateItem'), 'assume-observer-roles'],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_VAULT'],
    records: ['plan'],
  },
  approve: {
    description: 'Requests approval of a plan while the state machine waits',
    timeout: 60,
    rights: [...table('GetItem', 'BatchGetItem', 'UpdateItem', 'DeleteItem'), 'publish-outcomes', 'resume-executions'],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_VAULT', 'EVENKEEL_OUTCOMES'],
    records: ['plan', 'decision'],
  },
  decide: {
    description: 'Records the approval or rejection of a plan by an authenticated person',
    timeout: 29, // API Gateway waits no longer
    rights: [...table('GetItem', 'UpdateItem'), 'resume-executions', 'read-identity-center-roles'],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_VAULT'],
    records: ['plan', 'decision'],
  },
  command: {
    description: 'Carries out operator commands: halt, resume, release and rollback',
    timeout: 29,
    rights: [
      ...table('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
      'query-open-items',
      'publish-outcomes',
      'start-executions',
      'read-identity-center-roles',
    ],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_VAULT', 'EVENKEEL_OUTCOMES', 'EVENKEEL_MACHINE'],
    records: ['command'],
  },
  repair: {
    description: 'Carries out the plan in the vault and reads the resource back',
    timeout: 180, // it reads back for half a minute
    rights: [...table('GetItem', 'BatchGetItem', 'UpdateItem', 'PutItem'), 'assume-repair-roles'],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_VAULT'],
    records: ['plan', 'decision', 'repair'],
  },
  settle: {
    description: 'Records the outcome, releases the lock and publishes the outcome',
    timeout: 60,
    rights: [...table('GetItem', 'UpdateItem', 'PutItem', 'DeleteItem'), 'publish-outcomes', 'start-executions'],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_VAULT', 'EVENKEEL_OUTCOMES', 'EVENKEEL_MACHINE'],
    records: ['plan', 'decision', 'repair', 'outcome'],
  },
  sweep: {
    description: 'Checks every governed resource once a day and starts an execution for each violation',
    timeout: 900, // it lists whole accounts
    rights: [
      ...table('GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'),
      'query-open-items',
      'assume-observer-roles',
      'start-executions',
      'publish-outcomes',
    ],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_MACHINE', 'EVENKEEL_OUTCOMES'],
  },
  reevaluate: {
    description: 'Starts scheduled AWS Config rules again after a repair',
    timeout: 60,
    rights: ['assume-observer-roles'],
    environment: [],
  },
  'circuit-breaker': {
    description: 'Counts repairs and failures by account and opens its circuit breaker above the limits',
    timeout: 30,
    rights: [...table('GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'), 'publish-outcomes'],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_OUTCOMES'],
  },
  digest: {
    description: 'Chains and signs the records since the last digest and reports missing ones',
    timeout: 900, // it may have days to catch up on
    rights: [...table('GetItem', 'UpdateItem'), 'scan-undigested-records', 'write-digests', 'sign-digests'],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_VAULT', 'EVENKEEL_DIGEST_KEY'],
  },
  publish: {
    description: 'Publishes the exceptions at each deployment',
    timeout: 60,
    rights: ['publish-exceptions'],
    environment: ['EVENKEEL_EXCEPTIONS'],
  },
  notify: {
    description: 'Sends notifications for events on the outcome bus',
    timeout: 10, // SQS retries after six times that
    rights: ['send-notifications'],
    environment: ['EVENKEEL_TOPIC', 'EVENKEEL_VAULT'],
  },
  remind: {
    description: 'Counts the items that need people and sends a daily reminder',
    timeout: 60,
    rights: [...table('GetItem', 'BatchGetItem'), 'query-open-items', 'update-reminders', 'publish-outcomes'],
    environment: ['EVENKEEL_TABLE', 'EVENKEEL_OUTCOMES'],
  },
  status: {
    description: 'Lists the items that need people',
    timeout: 29,
    rights: [...table('GetItem', 'BatchGetItem'), 'query-open-items'],
    environment: ['EVENKEEL_TABLE'],
  },
  'dry-run': {
    description: 'Shows violations and planned repairs without the right to change anything',
    timeout: 29,
    rights: [...table('GetItem', 'BatchGetItem'), 'assume-observer-roles'],
    environment: ['EVENKEEL_TABLE'],
  },
} as const satisfies { readonly [name: string]: FunctionDeclaration };

/** The name of a hub function. */
export type HubFunction = keyof typeof hubFunctions;

/** The names of all hub functions. */
export const functionNames = Object.keys(hubFunctions) as readonly HubFunction[]; // the table has no other keys

/** The declaration of a function, with every optional field. */
export const declarationOf = (name: HubFunction): FunctionDeclaration => hubFunctions[name];

/** The functions that have at least one of some rights. */
export const functionsWith = (...rights: readonly Right[]): readonly HubFunction[] =>
  functionNames.filter((name) => declarationOf(name).rights.some((right) => rights.includes(right)));

/** The functions that can write to the state table. */
export const functionsThatWriteTable: readonly HubFunction[] = functionsWith(
  ...table('PutItem', 'UpdateItem', 'DeleteItem'),
  'update-reminders',
);

/** The phases of the records that a function can write. */
export const phasesOf = (name: HubFunction): readonly Phase[] => declarationOf(name).records ?? [];

/** The functions that can write records of a phase, or of any phase. */
export const functionsThatRecord = (phase?: Phase): readonly HubFunction[] =>
  functionNames.filter((name) => (phase ? phasesOf(name).includes(phase) : phasesOf(name).length > 0));
