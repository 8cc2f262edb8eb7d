import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { clientsOf } from '../../lambdas/runtime/sessions.ts';
import type { Clients, Control, State, Target } from '../../lib/model/control.ts';
import { rootOf } from '../../sandbox/accounts.ts';
import { casesOf } from '../../sandbox/cases.ts';
import { fill, run, variablesFor } from '../../sandbox/steps.ts';
import { actionsOf, callsDuring } from './calls.ts';
import { freshName, localAws } from './local-aws.ts';

/** An account that is not governed, so only the test changes it. */
const place = { account: '333333333333', region: 'us-east-1', partition: 'aws' };
const credentials = rootOf(place.account);
const during = (act: () => Promise<unknown>) => callsDuring(place.account, 'root', act);

describe.each(controls.map((control) => [control.id, control] as const))('%s', (id, control) => {
  it('writes the repair and its rollback, reads both back, and uses exactly the declared actions', async () => {
    const clients = await clientsOf(control.services, {
      region: place.region,
      credentials,
      endpoint: localAws.gateway.url,
    });
    const variables = variablesFor(place, freshName(id));
    const { live } = await casesOf(id);
    const caller = { gateway: localAws.gateway, credentials, place };
    await run(live.create, caller, variables);
    const target = { ...place, id: fill(live.id, variables) };
    const read = async (): Promise<State> => (await control.observe.read(clients, target)) ?? {};

    const listed: string[] = [];
    const observe = async () => {
      for await (const found of control.observe.list(clients, place)) listed.push(found.id);
      await read();
    };
    const write: Write = async (state, from) => control.repair?.write(clients, target, state, from);
    const [seen, written, circumstances]: [string[], string[], string[]] = [[], [], []];
    for (const steps of [...(live.alsoBreak ?? []), live.break]) {
      await run(steps, caller, variables);
      seen.push(...actionsOf(await during(observe)));
      const before = await read();
      circumstances.push(...actionsOf(await during(() => circumstancesOf(control, clients, target, before))));
      written.push(...(await thereAndBack(control, read, write)));
    }
    expect(listed).toContain(target.id);
    expect([...new Set(seen)].sort()).toEqual([...control.observe.actions].sort());
    expect([...new Set(circumstances)].sort()).toEqual([...(control.repair?.circumstances?.actions ?? [])].sort());
    const reads: readonly string[] = control.observe.actions;
    expect([...new Set(written)].filter((action) => !reads.includes(action)).sort()).toEqual(
      [...(control.repair?.actions ?? [])].sort(),
    );
    await run(live.remove ?? [], caller, variables);
  });
});

/** Reads the circumstances of a repair, as Plan does. */
async function circumstancesOf({ repair, parameters }: Control, clients: Clients, target: Target, before: State) {
  const desired = repair?.desired(before, parameters, new Date()) ?? before;
  await repair?.circumstances?.caution(clients, target, before, desired);
}

type Write = (state: State, from: State) => Promise<unknown>;

/** Repairs and rolls back, with a read after each write; returns the actions of the writes. */
async function thereAndBack(
  { check, parameters = {}, repair }: Control,
  read: () => Promise<State>,
  write: Write,
): Promise<string[]> {
  const before = await read();
  expect(check(before, parameters, new Date())).not.toBe('compliant');
  if (!repair) return [];
  const desired = repair.desired(before, parameters, new Date());
  const there = await during(async () => write(desired, before));
  await expect.poll(read, { timeout: 10_000 }).toEqual(desired);
  const back = await during(async () => write(before, desired));
  await expect.poll(read, { timeout: 10_000 }).toEqual(before);
  return actionsOf([...there, ...back]);
}
