import type { Control } from '../../model/control.ts';
import { pluralize } from '../../text/words.ts';
import { observationId, property, uuid } from './oscal-parts.ts';
import type { AuditReport } from './report-facts.ts';
import type { ExceptionUse } from './statistics.ts';

/** The number of open violations, as a sentence. */
export const openText = (count: number): string =>
  `${count} ${count === 1 ? 'resource was' : 'resources were'} in violation without an exception at the end of the period.`;

/** A risk, and the id by which findings refer to it. */
interface Risk {
  readonly id: string;
  readonly risk: object;
}

const risk = (id: string, details: object): Risk => ({ id, risk: { uuid: id, ...details } });

/** The open violations and the used exceptions of some controls. */
export const risksOf = (name: string, controls: readonly Control[], report: AuditReport): Risk[] => [
  ...openRisks(name, controls, report),
  ...exceptionRisks(name, controls, report),
];

function openRisks(name: string, controls: readonly Control[], { statistics }: AuditReport): Risk[] {
  return controls.flatMap(({ id, title, rationale, severity }) => {
    const { openAtEnd } = statistics.of([id]);
    if (openAtEnd === 0) return [];
    return risk(uuid(`${name}/open/${id}`), {
      title: `Open violations: ${title}`,
      description: openText(openAtEnd),
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
    description: `Used ${pluralize(uses, 'time')}. Approved by ${approver} (ticket ${ticket}). Owner: ${owner}.`,
    statement: reason,
    status: 'deviation-approved',
    deadline: `${expires}T23:59:59.999Z`,
    'related-observations': [{ 'observation-uuid': observationId(name, control) }],
  });
}
