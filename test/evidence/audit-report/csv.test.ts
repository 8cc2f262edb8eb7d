import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../lib/evidence/audit-report/csv.ts';

describe('a line of CSV', () => {
  it.each([
    [['a', 1, undefined, 2.5], 'a,1,,2.5'],
    [['a,b', 'say "no"', 'two\nlines'], '"a,b","say ""no""","two\nlines"'],
    [[' padded '], '" padded "'],
  ])('%j', (cells, line) => {
    expect(csvLine(cells)).toBe(`${line}\r\n`);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =cmd', '|calc', '%x'])(
    'prevents that a spreadsheet runs %j as a formula',
    (text) => {
      expect(csvLine([text])).toMatch(/^"?'/);
    },
  );
});
