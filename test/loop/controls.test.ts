import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { services } from '../../controls/services.ts';
import { clientsOf } from '../../lambdas/shared/sessions.ts';
import type { Control } from '../../lib/control.ts';
import { names } from '../../lib/names.ts';
import { governed, hub } from '../../sandbox/accounts.ts';
import { breakAndWait, type Prepared, prepare, type Repaired } from '../../sandbox/breakage.ts';
import type { CallRecord } from '../../sandbox/gateway/log.ts';
import { eye, freshName, world } from './world.ts';

/** The IAM actions behind API calls, as the table of services says. */
const actionOf = ({ service, action }: CallRecord): string => {
  const found = Object.values(services).find(({ iam }) => iam === service);
  const renamed: { readonly [operation: string]: string } | undefined =
    found && 'actions' in found ? found.actions : {};
  return `${service}:${renamed?.[action] ?? action}`;
};
const sessionsOf = (role: string, execution: string) =>
  world.gateway.calls({ arn: `.*:assumed-role/${role}/${execution}` });
const actions = (calls: readonly CallRecord[], engine: readonly string[] = []) =>
  [...new Set(calls.map(actionOf))].filter((action) => !engine.includes(action)).sort();

describe.each(controls.filter(({ repair }) => repair).map((control, index) => [control.id, control, index] as const))(
  '%s',
  (_, control, index) => {
    let prepared: Prepared;
    let repaired: Repaired;
    beforeAll(async () => {
      prepared = await prepare(world, control, governed[index % governed.length] ?? hub, freshName(control.id));
      await eye.quiet();
      repaired = await breakAndWait(eye, prepared);
      await eye.quiet();
    });
    afterAll(() => prepared?.remove());

    it('is broken by a plain call, repaired, and read back as compliant', () => {
      expect(repaired.row.conclusion).toMatchObject({ outcome: 'repaired' });
    });

    it('leaves a chain of evidence from the violation to the repair', () => {
      const [plan, repair] = repaired.records;
      expect(repaired.records.map(({ phase, n }) => [phase, n])).toEqual([
        ['plan', 1],
        ['repair', 2],
      ]);
      expect(plan).toMatchObject({ control: control.id, target: prepared.target, mode: 'auto', previous: null });
      expect(plan?.verdict).toEqual({ violation: expect.any(String) });
      expect(plan?.patch?.length).toBeGreaterThan(0);
      expect(repair).toMatchObject({ outcome: 'repaired', verdict: 'compliant', before: plan?.before });
      expect(repair?.previous).toBe(repaired.row.records[0]?.sha256);
      expect(control.check(repair?.after ?? {}, control.given ?? {}, new Date())).toBe('compliant');
    });

    it('names the person who broke it', () => {
      expect(repaired.row.actor).toMatchObject({
        type: 'IAMUser',
        arn: `arn:aws:iam::${prepared.target.account}:user/dev`,
      });
    });

    it('needs exactly the calls that it makes', async () => {
      const read = await sessionsOf(names.observerRole, repaired.row.execution);
      const engine = ['cloudformation:DescribeStackResources', 'cloudformation:GetTemplate'];
      const wrote = await sessionsOf(names.repairRole(control.id), repaired.row.execution);
      const listed = await listedActions(control, prepared);
      expect([...new Set([...actions(read, engine), ...listed])].sort()).toEqual([...control.observe.needs].sort());
      expect(actions(wrote).filter((action) => !actions(read).includes(action))).toEqual(
        [...(control.repair?.needs ?? [])].sort(),
      );
    });

    it('changes nothing before the state is durable in the vault', async () => {
      const wrote = await sessionsOf(names.repairRole(control.id), repaired.row.execution);
      const reads: readonly string[] = control.observe.needs;
      const firstWrite = wrote.find((call) => !reads.includes(actionOf(call)));
      const stored = (
        await world.gateway.calls({ service: 's3', action: 'PutObject', session: names.hubFunction('plan') })
      )
        .filter(({ status }) => status === 200)
        .filter(({ seq }) => seq < (firstWrite?.seq ?? 0));
      expect(firstWrite).toBeDefined();
      expect(stored.length).toBeGreaterThan(0);
    });
  },
);

/** What `list` calls, run by the developer in the control's own place. */
async function listedActions(control: Control, { target }: Prepared): Promise<string[]> {
  const { seq: since = 0 } = (await world.gateway.calls()).at(-1) ?? {};
  const credentials = world.developers[target.account];
  const clients = await clientsOf(control.uses, { region: target.region, credentials, endpoint: world.gateway.url });
  for await (const _ of control.observe.list(clients, target));
  return actions(await world.gateway.calls({ since, session: 'dev', account: target.account }));
}
