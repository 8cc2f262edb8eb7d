import { expect, it } from 'vitest';
import { controlSections } from '../../../lib/evidence/audit-report/control-sections.ts';
import type { AuditReport } from '../../../lib/evidence/audit-report/report-facts.ts';
import { Statistics } from '../../../lib/evidence/audit-report/statistics.ts';
import { logsTo } from '../../controls/placed-control.ts';
import { stubControl } from '../../controls/stub-control.ts';

it('says of a control without executions that it may not be configured', () => {
  const controls = [logsTo, stubControl({ id: 'plain', frameworks: { fsbp: ['Example.2'] } })];
  const report = { controls, frameworks: ['fsbp'], statistics: new Statistics() };
  const { text } = controlSections(report as unknown as AuditReport); // as far as the section goes
  const rows = text.match(/No execution of this control was recorded in the period\.[^<]*/g);
  expect(rows).toEqual([
    'No execution of this control was recorded in the period. It needs a value for logGroup in the config. Without one, the control is not configured: Evenkeel does not evaluate the resources, and the missing executions do not show compliance.',
    'No execution of this control was recorded in the period.',
  ]);
});
