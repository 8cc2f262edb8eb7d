import type { Execution } from './execution.ts';

type Grouped = Omit<Execution, 'execution' | 'control' | 'target'>;
type Attribute = { [Group in keyof Grouped]: keyof Grouped[Group] }[keyof Grouped];

/** The group of each attribute. Items are flat because conditions, indexes and updates name single attributes. */
const groups: { readonly [Name in Attribute]: GroupOf<Name> } = {
  machine: 'admission',
  admittedAt: 'admission',
  source: 'admission',
  event: 'admission',
  actor: 'admission',
  rollback: 'admission',
  permit: 'admission',
  phase: 'progress',
  maxMode: 'progress',
  context: 'progress',
  first: 'progress',
  replans: 'progress',
  attempts: 'progress',
  changingSince: 'progress',
  restoring: 'progress',
  pendingSeen: 'progress',
  conclusion: 'progress',
  successor: 'progress',
  records: 'evidence',
  body: 'evidence',
  undigested: 'evidence',
  digested: 'evidence',
  missed: 'evidence',
  openAs: 'waiting',
  approvalToken: 'waiting',
  requestedPlan: 'waiting',
};

type GroupOf<Name extends Attribute> = {
  [Group in keyof Grouped]: Name extends keyof Grouped[Group] ? Group : never;
}[keyof Grouped];

/** An execution as a flat item of the state table. */
export type ExecutionRow = Pick<Execution, 'execution' | 'control' | 'target'> &
  Execution['admission'] &
  Execution['progress'] &
  Execution['evidence'] &
  Execution['waiting'];

/** Flattens an execution into its item. */
export const toRow = ({ admission, progress, evidence, waiting, ...subject }: Execution): ExecutionRow => ({
  ...subject,
  ...admission,
  ...progress,
  ...evidence,
  ...waiting,
});

/** Makes an execution of its item; attributes that belong to none of its groups are left out. */
export function fromRow(row: object): Execution {
  const { execution, control, target } = row as ExecutionRow; // only the functions in executions.ts and lock.ts write such items
  const group = (name: keyof Grouped) =>
    Object.fromEntries(Object.entries(row).filter(([attribute]) => Reflect.get(groups, attribute) === name));
  return {
    execution,
    control,
    target,
    admission: group('admission') as unknown as Execution['admission'], // the table above names the attributes of each group
    progress: group('progress') as unknown as Execution['progress'], // as above
    evidence: group('evidence') as unknown as Execution['evidence'], // as above
    waiting: group('waiting'),
  };
}
