/** A saved query on the evidence, for the Athena console. */
export interface SavedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/** The Glue database of the evidence. */
export const DATABASE = 'evenkeel';
/** The table of the evidence. */
export const TABLE = 'evidence';

// Athena reads, and charges for, the selected days only.
const RECENT = "day >= date_format(current_date - interval '90' day, '%Y/%m/%d')";
const VIOLATION = "json_extract_scalar(verdict, '$.violation')";
// The plan of a rollback has the verdict on the state to restore, which is not the live state.
const IS_LIVE = "NOT (phase = 'plan' AND rollback IS NOT NULL)";

/** One row for each execution of the last 90 days, in all accounts. */
const EXECUTIONS = `WITH executions AS (
  SELECT execution,
    min(control) AS control,
    min(target.account) AS account,
    min(target.region) AS region,
    min(target.id) AS resource,
    min_by(owner.name, n) AS owner,
    min(coalesce(actor.arn, actor.invokedby, actor.type)) AS actor,
    min(from_iso8601_timestamp("at")) AS started,
    max(from_iso8601_timestamp("at")) AS latest,
    min_by(${VIOLATION}, n) FILTER (WHERE ${VIOLATION} IS NOT NULL AND ${IS_LIVE}) AS violation,
    coalesce(max(outcome), 'in-progress') AS outcome,
    max_by(reason, n) AS reason,
    max_by(exception.id, n) AS exception
  FROM ${DATABASE}.${TABLE}
  WHERE ${RECENT}
  GROUP BY execution
)`;

const SECONDS = "date_diff('millisecond', started, latest) / 1e3";

/** The saved queries. */
export const savedQueries: readonly SavedQuery[] = [
  {
    name: 'Open violations',
    description: 'Resources in violation without an exception at their last evaluation in the last 90 days',
    sql: `${EXECUTIONS}, evaluations AS (
  SELECT *, row_number() OVER (
    PARTITION BY control, account, region, resource ORDER BY latest DESC, execution DESC
  ) AS age
  FROM executions
  WHERE violation IS NOT NULL OR outcome IN ('compliant', 'gone')
)
SELECT control, account, region, resource, owner, violation, latest AS evaluated, outcome, reason, execution
FROM evaluations
WHERE age = 1 AND violation IS NOT NULL AND outcome NOT IN ('repaired', 'compliant', 'gone', 'exempt')
ORDER BY evaluated`,
  },
  {
    name: 'Approvals and rejections',
    description: 'Decisions of people on plans in the last 90 days, with the actor of the change',
    sql: `SELECT from_iso8601_timestamp("at") AS decided, decision.verdict, decision."by" AS person, decision.identity,
  decision.reason, control, target.account, target.region, target.id AS resource,
  coalesce(actor.arn, actor.invokedby, actor.type) AS changed_by, execution
FROM ${DATABASE}.${TABLE}
WHERE ${RECENT} AND phase = 'decision'
ORDER BY decided`,
  },
  {
    name: 'Operator commands',
    description:
      'Commands to stop, resume, release or roll back repairs in the last 90 days, with the person and the reason',
    sql: `SELECT from_iso8601_timestamp("at") AS commanded, command.kind, command."by" AS person, command.identity,
  command.reason, control, target.account, target.region, target.id AS resource,
  command.resources, command.execution AS about_execution
FROM ${DATABASE}.${TABLE}
WHERE ${RECENT} AND phase = 'command'
ORDER BY commanded`,
  },
  {
    name: 'Repairs by owner',
    description: 'Number and duration of repairs by owner and control in the last 90 days',
    sql: `${EXECUTIONS}
SELECT owner, control, count(*) AS repairs, count(DISTINCT account || region || resource) AS resources,
  approx_percentile(${SECONDS}, 0.5) AS median_seconds, max(${SECONDS}) AS longest_seconds
FROM executions
WHERE outcome = 'repaired'
GROUP BY owner, control
ORDER BY repairs DESC, owner, control`,
  },
  {
    name: 'Used exceptions',
    description: 'Exceptions that were used in the last 90 days, with their approver and number of uses',
    sql: `SELECT exception.id AS exception, control, exception.owner AS owner, exception.approver AS approver,
  exception.ticket AS ticket, exception.reason AS reason, exception.expires AS expires, count(DISTINCT execution) AS uses,
  count(DISTINCT target.account || target.region || target.id) AS resources, max(from_iso8601_timestamp("at")) AS last_used
FROM ${DATABASE}.${TABLE}
WHERE ${RECENT} AND exception.id IS NOT NULL
GROUP BY exception.id, control, exception.owner, exception.approver, exception.ticket, exception.reason, exception.expires
ORDER BY last_used DESC`,
  },
  {
    name: 'Time to repair by control',
    description: 'Time from the plan to the compliant read-back in the last 90 days',
    sql: `${EXECUTIONS}
SELECT control, count(*) AS repairs, approx_percentile(${SECONDS}, 0.5) AS median_seconds,
  approx_percentile(${SECONDS}, 0.95) AS p95_seconds, max(${SECONDS}) AS longest_seconds
FROM executions
WHERE outcome = 'repaired'
GROUP BY control
ORDER BY median_seconds DESC`,
  },
  {
    name: 'Violations by actor',
    description:
      "Violations in the last 90 days that one person or role caused; the parameter is a part of its ARN, such as 'user/maria'",
    sql: `${EXECUTIONS}
SELECT started, control, account, region, resource, owner, violation, outcome, reason, actor, execution
FROM executions
WHERE violation IS NOT NULL AND strpos(actor, ?) > 0
ORDER BY started`,
  },
];
