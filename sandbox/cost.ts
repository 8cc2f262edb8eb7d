import { SFN } from '@aws-sdk/client-sfn';
import { ENGINE_READS } from '../lib/config/engine-reads.ts';
import { names } from '../lib/config/names.ts';
import type { Control } from '../lib/model/control.ts';
import type { HubFunction } from '../lib/stacks/functions.ts';
import { hub, rootOf } from './accounts.ts';
import type { CallRecord } from './gateway/log.ts';
import type { Connection, Row } from './inspector.ts';

/** The measured cost of one execution. */
export interface Cost {
  /** The states that the machine entered. */
  readonly transitions: number;
  readonly invocations: number;
  /** Calls by the engine, without the control's own reads and writes. */
  readonly engineCalls: number;
  /** The control's own reads and writes. */
  readonly controlCalls: number;
}

/**
 * Counts the cost of an execution from the machine's history and the gateway's log. The log must start with the event, and
 * the execution must be the only one that planned, repaired and settled since.
 */
export async function costOf({ gateway }: Connection, { id }: Control, row: Row): Promise<Cost> {
  const entered = await statesEntered(gateway.url, row.machine);
  const by = (step: HubFunction) => gateway.calls({ session: names.hubFunction(step) });
  const [admit, plan, repair, settle] = await Promise.all([by('admit'), by('plan'), by('repair'), by('settle')]);
  // AWS Config reports the same change later, and Admit adds it to the execution that holds the lock: those calls do not count.
  const lockTaken = admit.findIndex(({ action, status }) => action === 'TransactWriteItems' && status === 200);
  const admitted = admit.slice(0, lockTaken + 1);
  const sessions = await gateway.calls({
    arn: `.*:assumed-role/(${names.observerRole}|${names.repairRole(id)})/${row.execution}`,
  });
  const engine = sessions.filter(isEngineRead);
  return {
    transitions: entered.length,
    invocations: entered.filter((state) => FUNCTIONS.includes(state)).length,
    engineCalls: [admitted, plan, repair, settle, engine].flat().length,
    controlCalls: sessions.length - engine.length,
  };
}

const FUNCTIONS = ['Admit', 'Plan', 'Approve', 'Repair', 'Settle', 'Escalate'];
const isEngineRead = ({ service, action }: CallRecord) => ENGINE_READS.includes(`${iamPrefix(service)}:${action}`);

/** The prefix of a service in IAM actions; the gateway names a service as its model does. */
export const iamPrefix = (service: string): string => (service === 'resourcegroupstaggingapi' ? 'tag' : service);

async function statesEntered(endpoint: string, executionArn: string): Promise<string[]> {
  const machines = new SFN({ endpoint, region: hub.region, credentials: rootOf(hub.account) });
  const { events = [] } = await machines.getExecutionHistory({ executionArn, maxResults: 1000 });
  return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
}
