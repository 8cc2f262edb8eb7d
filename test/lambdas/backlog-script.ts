import { beforeEach } from 'vitest';
import { ACCOUNT, hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';

/** The rollout of the control, as the state table holds it. */
export const ROLLOUT = `rollout#rules#${ACCOUNT}`;

/** The resources of each test. */
export const aws: { resources: LiveResources } = { resources: new LiveResources() };

/** Scans one region in a round of the sweep. */
export const scan = (region: string, round: string) =>
  hub.invoke('sweep', { sweep: round, controls: ['rules'], account: ACCOUNT, region });

/** Runs Admit and Plan for everything that was started, and returns the resources that may be repaired. */
export async function planAll(): Promise<string[]> {
  const free: string[] = [];
  for (const { name, trigger } of hub.started.splice(0)) {
    const { execution } = await hub.invoke('admit', { event: { evenkeel: trigger }, machine: name });
    const { next } = await hub.invoke('plan', { execution });
    if (next === 'settle') await hub.invoke('settle', { execution });
    else free.push(trigger.resource);
    hub.table.rows.delete(`lock#rules#${ACCOUNT}#${trigger.region}#${trigger.resource}`); // the test makes no repairs
  }
  return free;
}

/** Sweeps both regions, and plans what the sweep started. */
export async function round(name: string): Promise<string[]> {
  await scan('a', name);
  await scan('b', name);
  return planAll();
}

/** The items of the state table that are neither executions nor permits. */
export const rows = () => [...hub.table.rows.keys()].filter((pk) => !/^(?:execution|permit)#/.test(pk));

const path = { control: 'rules', account: ACCOUNT };

/** Lists all backlogs. */
export const list = async () => (await hub.call('status', 'GET /backlogs')).said.backlogs;

/** Shows the backlog. */
export const show = () => hub.call('status', 'GET /backlogs/{control}/{account}', { path });

/** The list of the backlog, as an operator reviewed it. */
export const reviewed = async () => String((await show()).said.list);

/** Releases a list of the backlog. */
export const release = (body: object, user?: string) =>
  hub.call('command', 'POST /backlogs/{control}/{account}/release', { path, body, user });

/** Starts every test with a control on two regions of one account, with three resources in violation. */
export function useBacklogScript(): void {
  beforeEach(() => {
    aws.resources = new LiveResources();
    hub.deploy(aws.resources.control());
    hub.settings.backlogAbove = 2;
    hub.account.regions = ['a', 'b'];
    aws.resources.violate('a', 'one', 'two');
    aws.resources.violate('b', 'three');
  });
}

/** Empties both regions. */
export function repairAll(): void {
  aws.resources.states.clear();
}
