import type { Control } from '../../model/control.ts';
import { observationId, property } from './oscal-parts.ts';
import type { AuditReport } from './report-facts.ts';
import type { ExceptionUse } from './statistics.ts';
import { uuid } from './uuid.ts';

/** A risk, and what findings call it. */
interface Risk {
  readonly id: string;
  readonly risk: object;
}

const risk = (id: string, details: object): Risk => ({ id, risk: { uuid: id, ...details } });

/** What was left open and what was spared, of some controls. */
export const risksOf = (name: string, controls: readonly Control[], report: AuditReport): Risk[] => [
  ...openRisks(name, controls, report),
  ...exceptionRisks(name, controls, report),
];

function openRisks(name: string, controls: readonly Control[], { statistics }: AuditReport): Risk[] {
  return controls.flatMap(({ id, title, rationale, severity }) => {
    const { open } = statistics.of([id]);
    if (open === 0) return [];
    return risk(uuid(`${name}/open/${id}`), {
      title: `Does not hold everywhere: ${title}`,
      description: `${open} ${open === 1 ? 'resource was' : 'resources were'} left in violation at the end of the period.`,
      statement: rationale,
      props: [property('severity', severity)],
      status: 'open',
      'related-observations': [{ 'observation-uuid': observationId(name, id) }],
    });
  });
}

function exceptionRisks(name: string, controls: readonly Control[], { statistics }: AuditReport): Risk[] {
  return [...statistics.exceptions.values()]
    .filter(({ exception }) => controls.some(({ id }) => id === exception.control))
    .sort((a, b) => (a.exception.id < b.exception.id ? -1 : 1))
    .map((use) => exceptionRisk(name, use));
}

function exceptionRisk(name: string, { exception, uses }: ExceptionUse): Risk {
  const { id, control, owner, approver, ticket, reason, expires } = exception;
  return risk(uuid(`${name}/exception/${id}`), {
    title: `Exception ${id}`,
    description: `Spared ${uses} times by leave of ${approver} (ticket ${ticket}); ${owner} answers for it.`,
    statement: reason,
    status: 'deviation-approved',
    deadline: `${expires}T23:59:59.999Z`,
    'related-observations': [{ 'observation-uuid': observationId(name, control) }],
  });
}
