import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { clientsOf } from '../../lambdas/shared/sessions.ts';
import type { State } from '../../lib/control.ts';
import { rootOf } from '../../sandbox/accounts.ts';
import { casesOf } from '../../sandbox/cases.ts';
import { fill, run, variablesFor } from '../../sandbox/steps.ts';
import { freshName, world } from './world.ts';

/** Nobody governs it, so that nothing but the test changes anything there. */
const place = { account: '333333333333', region: 'us-east-1', partition: 'aws' };
const credentials = rootOf(place.account);

describe.each(controls.flatMap((control) => (control.repair ? [[control.id, control, control.repair] as const] : [])))(
  '%s',
  (id, control, repair) => {
    it('writes what it then reads, there and back', async () => {
      const clients = await clientsOf(control.uses, { region: place.region, credentials, endpoint: world.gateway.url });
      const variables = variablesFor(place, freshName(id));
      const { live } = await casesOf(id);
      const hand = { gateway: world.gateway, credentials, place };
      await run([...live.create, ...live.break], hand, variables);
      const target = { ...place, id: fill(live.id, variables) };
      const read = async (): Promise<State> => (await control.observe.read(clients, target)) ?? {};
      const given = control.given ?? {};

      const before = await read();
      expect(control.check(before, given, new Date())).not.toBe('compliant');
      const desired = repair.desired(before, given, new Date());
      await repair.write(clients, target, desired, before);
      await expect.poll(read, { timeout: 10_000 }).toEqual(desired);
      await repair.write(clients, target, before, desired);
      await expect.poll(read, { timeout: 10_000 }).toEqual(before);
      await run(live.remove ?? [], hand, variables);
    });
  },
);
