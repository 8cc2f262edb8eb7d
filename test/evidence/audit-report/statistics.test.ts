import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualAction, maximum, median, resolvedOtherwise } from '../../../lib/evidence/audit-report/counts.ts';
import type { ExecutionSummary, Status } from '../../../lib/evidence/audit-report/execution-summary.ts';
import { Statistics } from '../../../lib/evidence/audit-report/statistics.ts';

const STATUSES: readonly Status[] = [
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
    'in-progress',
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
  startedAt: day(on),
  ...(status !== 'in-progress' && { endedAt: day(on) }),
  ...(violation && { violation }),
  status,
  changes: [],
  decisions: [],
  records: [{ key: `k${execution}`, sha256: '' }],
});

const cases = fc.array(
  fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 28 }), fc.constantFrom(...STATUSES), fc.boolean()),
);

const summarized = (all: readonly ExecutionSummary[]) => {
  const statistics = new Statistics();
  for (const one of all) statistics.add(one);
  return { statistics, counts: statistics.of(['keeps-shut']) };
};

describe('the counts', () => {
  it('add up: each violation has one status', () => {
    fc.assert(
      fc.property(cases, (all) => {
        const { counts } = summarized(
          all.map(([id, on, how, bad], n) => made(n, id, on, how, bad ? 'open' : undefined)),
        );
        const { statuses } = counts;
        const others =
          (statuses.repaired ?? 0) + (statuses.exempt ?? 0) + (statuses.observed ?? 0) + (statuses['in-progress'] ?? 0);
        expect(others + manualAction(counts) + resolvedOtherwise(counts)).toBe(counts.violations);
        expect(counts.executions).toBe(all.length);
        expect(counts.noViolation + counts.violations).toBeLessThanOrEqual(counts.executions);
      }),
    );
  });

  it('and the lists do not depend on the order of executions', () => {
    const input = cases.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })),
    );
    fc.assert(
      fc.property(input, ([all, order]) => {
        const list = all.map(([id, on, how, bad], n) => made(n, id, on, how, bad ? 'open' : undefined));
        const [one, other] = [summarized(list), summarized(order.flatMap((index) => list[index] ?? []))];
        expect({ ...other.counts, seconds: [] }).toEqual({ ...one.counts, seconds: [] });
        for (const exempt of [true, false])
          expect(other.statistics.violationsAtEnd(exempt).kept).toEqual(one.statistics.violationsAtEnd(exempt).kept);
        expect(other.statistics.controls.get('keeps-shut')?.topExecutions.kept).toEqual(
          one.statistics.controls.get('keeps-shut')?.topExecutions.kept,
        );
      }),
    );
  });
});

describe('the decisions', () => {
  const decision = (verdict: 'approved' | 'rejected', by: string) => ({
    ...{ verdict, by, identity: 'arn', reason: 'r', plan: 'p', at: day(1) },
  });

  it('are counted by person and verdict, and added up over controls', () => {
    const statistics = new Statistics();
    statistics.add({
      ...made(1, 'a', 1, 'repaired', 'open'),
      decisions: [decision('approved', 'anna'), decision('approved', 'bert')],
    });
    statistics.add({ ...made(2, 'a', 2, 'rejected', 'open'), decisions: [decision('rejected', 'anna')] });
    statistics.add({
      ...made(3, 'a', 3, 'repaired', 'open'),
      control: 'other',
      decisions: [decision('approved', 'anna')],
    });
    const { approved, rejected } = statistics.of(['keeps-shut', 'other']);
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

  it('is not counted if it was not used', () => {
    const { statistics, counts } = summarized([{ ...exempt(1, 1, '2026-08-01'), status: 'escalated' }]);
    expect([counts.exceptionApprovers.size, statistics.exceptions.size]).toEqual([0, 0]);
  });

  it('is shown as of its last use, regardless of the order of executions', () => {
    const list = [exempt(1, 1, '2026-08-01'), exempt(2, 3, '2026-10-01'), exempt(3, 2, '2026-09-01')];
    for (const all of [list, list.toReversed()]) {
      const { statistics, counts } = summarized(all);
      const [used] = statistics.exceptions.values();
      expect(used).toMatchObject({ uses: 3, exception: { expires: '2026-10-01' } });
      expect(counts.exceptionApprovers).toEqual(new Set(['a-1', 'a-2', 'a-3']));
    }
  });
});

describe('the open violations at the end', () => {
  const open = (...all: readonly ExecutionSummary[]) => summarized(all).counts;

  it('are those of the last evaluation of each resource', () => {
    expect(open(made(1, 'a', 1, 'escalated', 'open'))).toMatchObject({ openAtEnd: 1, exemptAtEnd: 0 });
    expect(open(made(1, 'a', 1, 'escalated', 'open'), made(2, 'a', 2, 'repaired', 'open'))).toMatchObject({
      openAtEnd: 0,
    });
    expect(open(made(1, 'a', 2, 'escalated', 'open'), made(2, 'a', 1, 'repaired', 'open'))).toMatchObject({
      openAtEnd: 1,
    });
    expect(open(made(1, 'a', 1, 'escalated', 'open'), made(2, 'a', 2, 'compliant'))).toMatchObject({ openAtEnd: 0 });
    expect(open(made(1, 'a', 1, 'exempt', 'open'))).toMatchObject({ openAtEnd: 0, exemptAtEnd: 1 });
    expect(open(made(1, 'a', 1, 'in-progress', 'open'))).toMatchObject({ openAtEnd: 1 });
  });

  it('are not closed by a failed evaluation', () => {
    expect(open(made(1, 'a', 1, 'escalated', 'open'), made(2, 'a', 2, 'escalated'))).toMatchObject({ openAtEnd: 1 });
  });
});

describe('median and maximum', () => {
  it('are those of the numbers', () => {
    expect([median([]), maximum([])]).toEqual([undefined, undefined]);
    expect([median([3]), median([10, 2, 9]), median([4, 1, 3, 2])]).toEqual([3, 9, 2.5]);
    expect(maximum([2, 11, 3])).toBe(11);
  });
});
