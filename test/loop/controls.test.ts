import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { engineReads } from '../../lib/config/engine-reads.ts';
import { names } from '../../lib/config/names.ts';
import { breakAndWait, type Prepared, placeFor, prepare, type Repaired } from '../../sandbox/scenario.ts';
import { actionOf, actionsOf } from './calls.ts';
import { config, freshName, inspector, localAws } from './local-aws.ts';

const sessionsOf = (role: string, execution: string) =>
  localAws.gateway.calls({ arn: `.*:assumed-role/${role}/${execution}` });

describe.each(controls.filter(({ repair }) => repair).map((control, index) => [control.id, control, index] as const))(
  '%s',
  (_, control, index) => {
    let prepared: Prepared;
    let repaired: Repaired;
    beforeAll(async () => {
      prepared = await prepare(localAws, control, placeFor(config, control, index), freshName(control.id));
      await inspector.quiet();
      repaired = await breakAndWait(inspector, prepared);
      await inspector.quiet();
    });
    afterAll(() => prepared?.remove());

    it('repairs a violation that one API call made, and reads back a compliant state', () => {
      expect(repaired.row.conclusion).toMatchObject({ outcome: 'repaired' });
    });

    it('records the violation and the repair as a chain of evidence', () => {
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
      expect(control.check(repair?.after ?? {}, control.parameters ?? {}, new Date())).toBe('compliant');
    });

    it('records the actor', () => {
      expect(repaired.row.actor).toMatchObject({
        type: 'IAMUser',
        arn: `arn:aws:iam::${prepared.target.account}:user/dev`,
      });
    });

    it('uses no action that it does not declare', async () => {
      const { execution } = repaired.row;
      const read = actionsOf(await sessionsOf(names.observerRole, execution));
      const wrote = actionsOf(await sessionsOf(names.repairRole(control.id), execution));
      const { observe, repair: { circumstances } = {} } = control;
      const reads: string[] = [
        ...observe.actions,
        ...(circumstances?.actions ?? []),
        ...engineReads.context,
        ...engineReads.tags,
      ];
      const writes: string[] = [...control.observe.actions, ...(control.repair?.actions ?? [])];
      expect(read.filter((action) => !reads.includes(action))).toEqual([]);
      expect(wrote.filter((action) => !writes.includes(action))).toEqual([]);
    });

    it('changes nothing before the plan is in the vault', async () => {
      const wrote = await sessionsOf(names.repairRole(control.id), repaired.row.execution);
      const reads: readonly string[] = control.observe.actions;
      const firstWrite = wrote.find((call) => !reads.includes(actionOf(call)));
      const stored = (
        await localAws.gateway.calls({ service: 's3', action: 'PutObject', session: names.hubFunction('plan') })
      )
        .filter(({ status }) => status === 200)
        .filter(({ seq }) => seq < (firstWrite?.seq ?? 0));
      expect(firstWrite).toBeDefined();
      expect(stored.length).toBeGreaterThan(0);
    });
  },
);
