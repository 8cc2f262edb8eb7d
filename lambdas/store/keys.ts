import { REMINDER } from '../../lib/config/names.ts';
import type { Target } from '../../lib/model/control.ts';

/** The key of an execution in the state table. */
export const executionKey = (execution: string) => ({ pk: `execution#${execution}` });

/** The key of the lock of a control on a resource. */
export const lockKey = (control: string, target: Target) => ({ pk: `lock#${subject(control, target)}` });

/** The key of the recent repairs of a resource by a control. */
export const historyKey = (control: string, target: Target) => ({ pk: `history#${subject(control, target)}` });

/** The key of a hold. It is separate from the recent repairs, which expire. */
export const holdKey = (control: string, target: Target) => ({ pk: `hold#${subject(control, target)}` });

/** The key of the rollout of a control in an account. */
export const rolloutKey = (control: string, account: string) => ({ pk: `rollout#${control}#${account}` });

/** The key of a resource in a backlog. */
export const backlogKey = (control: string, target: Target) => ({ pk: `backlog#${subject(control, target)}` });

/** The key of a grace period. */
export const gracePeriodKey = (control: string, target: Target) => ({ pk: `grace-period#${subject(control, target)}` });

/** The key of the last command to roll back an execution. */
export const rollbackKey = (execution: string) => ({ pk: `rollback#${execution}` });

/** The key of the open circuit breaker of an account. */
export const circuitBreakerKey = (account: string) => ({ pk: `circuit-breaker#${account}` });

/** The key of the outcome counts of an account in one interval. */
export const outcomeCountKey = (account: string, bucket: number) => ({ pk: `outcome-count#${account}#${bucket}` });

/** The key of one concurrency permit of an account. */
export const concurrencyKey = (account: string, permit: number) => ({ pk: `permit#${account}#${permit}` });

/** The key of the halt. */
export const haltKey = { pk: 'halt' };

/** The key of the reminder of a day, which expires after a week. */
export const reminderKey = (day: string) => ({ pk: `${REMINDER}${day}` });

/** The key of the item with the redaction key. */
export const redactionKeyItem = { pk: 'redaction-key' };

const subject = (control: string, { account, region, id }: Target) => `${control}#${account}#${region}#${id}`;
