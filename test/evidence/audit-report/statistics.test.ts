import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, worst } from '../../../lib/evidence/audit-report/counts.ts';
import type { ExecutionSummary, Status } from '../../../lib/evidence/audit-report/execution-summary.ts';
import { escalatedOrRejected, settledOtherwise } from '../../../lib/evidence/audit-report/report-facts.ts';
import { Statistics } from '../../../lib/evidence/audit-report/statistics.ts';

const standings: readonly Status[] = [
  ...([
    'repaired',
    'compliant',
    'gone',
    'observed',
    'exempt',
    'rejected',
    'held',
    'escalated',
    'rolled-back',
    'not ended',
  ] as const),
];

const day = (n: number) => `2026-07-${String(n).padStart(2, '0')}T00:00:00.000Z`;

const made = (
  execution: number,
  resource: string,
  on: number,
  status: Status,
  violation?: string,
): ExecutionSummary => ({
  execution: String(execution).padStart(4, '0'),
  control: 'keeps-shut',
  commit: 'abc',
  target: { account: '222222222222', region: 'eu-west-1', partition: 'aws', id: resource },
  owner: 'team',
  mode: 'auto',
  source: 'sweep',
  began: day(on),
  ...(status !== 'not ended' && { ended: day(on) }),
  ...(violation && { violation }),
  status,
  changes: [],
  decisions: [],
  records: [{ key: `k${execution}`, sha256: '' }],
});

const cases = fc.array(
  fc.tuple(
    fc.constantFrom('a', 'b', 'c'),
    fc.integer({ min: 1, max: 28 }),
    fc.constantFrom(...standings),
    fc.boolean(),
  ),
);

const tallied = (all: readonly ExecutionSummary[]) => {
  const tally = new Statistics();
  for (const one of all) tally.add(one);
  return { tally, counts: tally.of(['keeps-shut']) };
};

describe('the counts', () => {
  it('add up: each violation has one end', () => {
    fc.assert(
      fc.property(cases, (all) => {
        const { counts } = tallied(all.map(([id, on, how, bad], n) => made(n, id, on, how, bad ? 'open' : undefined)));
        const { statuses: ends } = counts;
        const told = (ends.repaired ?? 0) + (ends.exempt ?? 0) + (ends.observed ?? 0) + (ends['not ended'] ?? 0);
        expect(told + escalatedOrRejected(counts) + settledOtherwise(counts)).toBe(counts.violations);
        expect(counts.executions).toBe(all.length);
        expect(counts.inOrder + counts.violations).toBeLessThanOrEqual(counts.executions);
      }),
    );
  });

  it('are the same in whatever order executions come, as are the lists', () => {
    const input = cases.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })),
    );
    fc.assert(
      fc.property(input, ([all, order]) => {
        const list = all.map(([id, on, how, bad], n) => made(n, id, on, how, bad ? 'open' : undefined));
        const [one, other] = [tallied(list), tallied(order.flatMap((index) => list[index] ?? []))];
        expect({ ...other.counts, seconds: [] }).toEqual({ ...one.counts, seconds: [] });
        for (const exempt of [true, false]) expect(other.tally.left(exempt).kept).toEqual(one.tally.left(exempt).kept);
        expect(other.tally.controls.get('keeps-shut')?.cases.kept).toEqual(
          one.tally.controls.get('keeps-shut')?.cases.kept,
        );
      }),
    );
  });
});

describe('the people', () => {
  const said = (verdict: 'approved' | 'rejected', by: string) => ({
    ...{ verdict, by, identity: 'arn', reason: 'r', plan: 'p', at: day(1) },
  });

  it('are counted by what they said, and added up over controls', () => {
    const tally = new Statistics();
    tally.add({
      ...made(1, 'a', 1, 'repaired', 'open'),
      decisions: [said('approved', 'anna'), said('approved', 'bert')],
    });
    tally.add({ ...made(2, 'a', 2, 'rejected', 'open'), decisions: [said('rejected', 'anna')] });
    tally.add({ ...made(3, 'a', 3, 'repaired', 'open'), control: 'other', decisions: [said('approved', 'anna')] });
    const { approved, rejected } = tally.of(['keeps-shut', 'other']);
    expect([approved, rejected]).toEqual([
      new Map([
        ['anna', 2],
        ['bert', 1],
      ]),
      new Map([['anna', 1]]),
    ]);
  });
});

describe('an exception', () => {
  const exempt = (execution: number, on: number, expires: string): ExecutionSummary => ({
    ...made(execution, 'a', on, 'exempt', 'open'),
    exception: {
      ...{ id: 'EX-1', control: 'keeps-shut', owner: 'team', reason: 'r', ticket: 't', approver: `a-${on}`, expires },
    },
  });

  it('is nobody’s leave where it spared nothing', () => {
    const { tally, counts } = tallied([{ ...exempt(1, 1, '2026-08-01'), status: 'escalated' }]);
    expect([counts.leave.size, tally.exceptions.size]).toEqual([0, 0]);
  });

  it('is told as it stood when it spared something last, in whatever order that is read', () => {
    const list = [exempt(1, 1, '2026-08-01'), exempt(2, 3, '2026-10-01'), exempt(3, 2, '2026-09-01')];
    for (const all of [list, list.toReversed()]) {
      const { tally, counts } = tallied(all);
      const [used] = tally.exceptions.values();
      expect(used).toMatchObject({ uses: 3, exception: { expires: '2026-10-01' } });
      expect(counts.leave).toEqual(new Set(['a-1', 'a-2', 'a-3']));
    }
  });
});

describe('what is open at the end', () => {
  const open = (...all: readonly ExecutionSummary[]) => tallied(all).counts;

  it('is what the last look left so', () => {
    expect(open(made(1, 'a', 1, 'escalated', 'open'))).toMatchObject({ open: 1, exempt: 0 });
    expect(open(made(1, 'a', 1, 'escalated', 'open'), made(2, 'a', 2, 'repaired', 'open'))).toMatchObject({ open: 0 });
    expect(open(made(1, 'a', 2, 'escalated', 'open'), made(2, 'a', 1, 'repaired', 'open'))).toMatchObject({ open: 1 });
    expect(open(made(1, 'a', 1, 'escalated', 'open'), made(2, 'a', 2, 'compliant'))).toMatchObject({ open: 0 });
    expect(open(made(1, 'a', 1, 'exempt', 'open'))).toMatchObject({ open: 0, exempt: 1 });
    expect(open(made(1, 'a', 1, 'not ended', 'open'))).toMatchObject({ open: 1 });
  });

  it('is not settled by a look that saw nothing', () => {
    expect(open(made(1, 'a', 1, 'escalated', 'open'), made(2, 'a', 2, 'escalated'))).toMatchObject({ open: 1 });
  });
});

describe('the middle and the worst', () => {
  it('are those of the numbers', () => {
    expect([median([]), worst([])]).toEqual([undefined, undefined]);
    expect([median([3]), median([10, 2, 9]), median([4, 1, 3, 2])]).toEqual([3, 9, 2.5]);
    expect(worst([2, 11, 3])).toBe(11);
  });
});
