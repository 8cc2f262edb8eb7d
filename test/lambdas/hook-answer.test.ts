import { describe, expect, it } from 'vitest';
import { answerTo, broken } from '../../lambdas/hook/answer.ts';
import type { Report } from '../../lambdas/hook/evaluate-target.ts';
import type { Finding } from '../../lib/evaluate/finding.ts';

const finding = (n: number, changes: Partial<Finding> = {}): Finding => ({
  control: 'lock',
  severity: 'low',
  verdict: 'violation',
  logicalId: `Door${n}`,
  sentence: 'The door is not locked.',
  property: 'Properties.Locked',
  path: ['Locked'],
  remedy: ['set Properties.Locked to true'],
  ...changes,
});
const many = (count: number, changes: Partial<Finding> = {}) =>
  Array.from({ length: count }, (_, index) => finding(index, changes));
const nothing: Report = { violations: [], exempt: [], unknown: [], notEvaluated: [], compliant: 0 };

describe('a result stays within the documented limits', () => {
  it.each([1, 40, 41, 42, 43, 44, 45, 5000])(
    'with %i findings, of which it shows whole ones and the number of the others',
    (count) => {
      const { message, annotations } = answerTo({ ...nothing, violations: many(count) });
      expect(message.length).toBeLessThanOrEqual(4096);
      const shown = message.match(/The door is not locked/g)?.length ?? 0;
      const more = Number(/… and (\d+) more\./.exec(message)?.[1] ?? 0);
      expect(shown + more).toBe(count);
      expect(message.match(/fix: set Properties.Locked to true/g)).toHaveLength(shown);
      expect(annotations).toHaveLength(Math.min(count, 100));
    },
  );

  it.each([1, 3])('with %i findings that are too long by themselves', (count) => {
    const { message, annotations } = answerTo({
      ...nothing,
      violations: many(count, { sentence: 'x'.repeat(20_000) }),
    });
    expect(message.length).toBe(4096);
    expect(message.endsWith(count === 1 ? 'x…' : 'of the hook result.')).toBe(true);
    expect(annotations?.[0]?.statusMessage).toHaveLength(16_384);
  });

  it('with reasons that are too long', () => {
    expect(answerTo({ ...nothing, notEvaluated: ['x'.repeat(5000)] }).message).toHaveLength(4096);
    for (const errors of ['pass', 'fail'] as const)
      expect(broken('x'.repeat(5000), errors).message.length).toBeLessThanOrEqual(4096);
  });
});

it('lists violations first, the most severe at the top', () => {
  const answer = answerTo({
    ...nothing,
    violations: [finding(1), finding(2, { severity: 'critical' }), finding(3, { severity: 'medium' })],
    unknown: [finding(4, { severity: 'critical', verdict: 'unknown', remedy: [] })],
    compliant: 7,
  });
  expect(answer.annotations).toEqual([
    expect.objectContaining({
      status: 'FAILED',
      severityLevel: 'CRITICAL',
      statusMessage: 'Door2: The door is not locked.',
    }),
    expect.objectContaining({ status: 'FAILED', severityLevel: 'MEDIUM' }),
    {
      annotationName: 'lock',
      status: 'FAILED',
      statusMessage: 'Door1: The door is not locked.',
      remediationMessage: 'set Properties.Locked to true',
      severityLevel: 'LOW',
    },
    {
      annotationName: 'lock',
      status: 'SKIPPED',
      statusMessage: 'Door4: The door is not locked.',
      severityLevel: 'CRITICAL',
    },
  ]);
  expect(answer.message).toMatch(
    /^Evenkeel: 3 violations, 1 unknown, checked after deployment, 7 compliant\.\ncritical/,
  );
});
