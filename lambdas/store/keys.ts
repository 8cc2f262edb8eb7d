import { REMINDER } from '../../lib/config/names.ts';
import type { Target } from '../../lib/model/control.ts';

/** Where an execution stands in the state table. */
export const executionKey = (execution: string) => ({ pk: `execution#${execution}` });

/** Where the lock of a control on a resource stands. */
export const lockKey = (control: string, target: Target) => ({ pk: `lock#${subject(control, target)}` });

/** Where it stands how often a control repaired a resource lately. */
export const historyKey = (control: string, target: Target) => ({ pk: `history#${subject(control, target)}` });

/** Where it stands that a control is held off a resource, beside what counts its repairs and is forgotten by itself. */
export const holdKey = (control: string, target: Target) => ({ pk: `hold#${subject(control, target)}` });

/** Where it stands under what terms a control has held in an account, and whether what stood in violation was released. */
export const rolloutKey = (control: string, account: string) => ({ pk: `rollout#${control}#${account}` });

/** Where it stands that a resource waits in a batch. */
export const backlogKey = (control: string, target: Target) => ({ pk: `backlog#${subject(control, target)}` });

/** Where it stands how long a repair waits for the owner. */
export const gracePeriodKey = (control: string, target: Target) => ({ pk: `grace-period#${subject(control, target)}` });

/** Where it stands who ordered the rollback of an execution last, and which execution makes it. */
export const rollbackKey = (execution: string) => ({ pk: `rollback#${execution}` });

/** Where an account's breaker stands, while it is open. */
export const circuitBreakerKey = (account: string) => ({ pk: `circuit-breaker#${account}` });

/** Where the ends of an account's executions are counted, for one stretch of time. */
export const outcomeCountKey = (account: string, bucket: number) => ({ pk: `outcome-count#${account}#${bucket}` });

/** Where one of the places stands that an account has for running executions. */
export const concurrencyKey = (account: string, permit: number) => ({ pk: `permit#${account}#${permit}` });

/** Where the one switch stands that stops every repair. */
export const haltKey = { pk: 'halt' };

/** Where it stands whether people were reminded on a day, which is forgotten a week later. */
export const reminderKey = (day: string) => ({ pk: `${REMINDER}${day}` });

/** The key of the hashes that take the place of secret values. */
export const redactionKeyItem = { pk: 'redaction-key' };

const subject = (control: string, { account, region, id }: Target) => `${control}#${account}#${region}#${id}`;
