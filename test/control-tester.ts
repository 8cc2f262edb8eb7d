import { describe, expect, it } from 'vitest';
import type { Control, State, Verdict } from '../lib/model/control.ts';
import type { AwsVerdict, Cases, Row } from './cases/cases.ts';
import { laws, repairLaws } from './control-laws.ts';
import { frozen, nowOf, parametersOf } from './control-subject.ts';

/** Tests a control's cases, and every law with states from them; call it at the top level of a test file. */
export function testControl(control: Control, cases: Cases): void {
  describe(control.id, () => {
    for (const row of cases.valid)
      it(`accepts: ${row.name}`, () => {
        expect(verdictOf(control, row)).toBe('compliant');
        compareWithAws(control, row.aws, ['COMPLIANT', 'NOT_APPLICABLE']);
      });
    for (const row of cases.invalid)
      it(`refuses: ${row.name}`, () => {
        const violation = verdictOf(control, row);
        if (typeof row.violation === 'string') expect(violation).toEqual({ violation: row.violation });
        else expect(violation).toEqual({ violation: expect.stringMatching(row.violation) });
        expect(control.repair?.desired(frozen(row.state), parametersOf(control, row), nowOf(row))).toStrictEqual(
          row.desired,
        );
        compareWithAws(control, row.aws, ['NON_COMPLIANT']);
      });
    for (const [name, holds] of Object.entries({ ...laws, ...(control.repair && repairLaws) }))
      it(name, () => holds(control, cases));
  });
}

const verdictOf = (control: Control, row: Row<State>): Verdict =>
  control.check(frozen(row.state), parametersOf(control, row), nowOf(row));

function compareWithAws({ id, detect }: Control, aws: AwsVerdict | undefined, agreeing: AwsVerdict['verdict'][]): void {
  if (detect.by === 'custom-rule' || !aws) return;
  expect(agreeing, `${id} needs a custom rule: ${detect.identifier} differs from check, see ${aws.source}`).toContain(
    aws.verdict,
  );
}
