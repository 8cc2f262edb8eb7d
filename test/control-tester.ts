import { describe, expect, it } from 'vitest';
import type { Control, State, Verdict } from '../lib/model/control.ts';
import type { AwsVerdict, Cases, Row } from './cases/cases.ts';
import { laws, repairLaws } from './control-laws.ts';
import { frozen, nowOf, parametersOf } from './control-subject.ts';

/** Runs a control's table of cases and then every law over states made from it; call it at the top of a test file. */
export function testControl(control: Control, cases: Cases): void {
  describe(control.id, () => {
    for (const row of cases.valid)
      it(`accepts: ${row.name}`, () => {
        expect(judge(control, row)).toBe('compliant');
        holdAgainstAws(control, row.aws, ['COMPLIANT', 'NOT_APPLICABLE']);
      });
    for (const row of cases.invalid)
      it(`refuses: ${row.name}`, () => {
        const violation = judge(control, row);
        if (typeof row.violation === 'string') expect(violation).toEqual({ violation: row.violation });
        else expect(violation).toEqual({ violation: expect.stringMatching(row.violation) });
        expect(control.repair?.desired(frozen(row.state), parametersOf(control, row), nowOf(row))).toStrictEqual(
          row.desired,
        );
        holdAgainstAws(control, row.aws, ['NON_COMPLIANT']);
      });
    for (const [name, holds] of Object.entries({ ...laws, ...(control.repair && repairLaws) }))
      it(name, () => holds(control, cases));
  });
}

const judge = (control: Control, row: Row<State>): Verdict =>
  control.check(frozen(row.state), parametersOf(control, row), nowOf(row));

function holdAgainstAws({ id, detect }: Control, aws: AwsVerdict | undefined, agreeing: AwsVerdict['verdict'][]): void {
  if (detect.by === 'custom-rule' || !aws) return;
  expect(agreeing, `${id} must have its own rule: by ${aws.source}, ${detect.identifier} differs from check`).toContain(
    aws.verdict,
  );
}
