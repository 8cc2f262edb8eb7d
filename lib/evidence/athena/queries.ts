/** A question that people ask of the evidence, ready to be run in the console. */
export interface SavedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/** The database and its one table. */
export const DATABASE = 'evenkeel';
export const TABLE = 'evidence';

// Only days that a question is about are read, and paid for.
const RECENT = "day >= date_format(current_date - interval '90' day, '%Y/%m/%d')";
const VIOLATION = "json_extract_scalar(verdict, '$.violation')";
// The plan of a rollback tells what would be wrong, and not what is.
const IS_LIVE = "NOT (phase = 'plan' AND rollback IS NOT NULL)";

/** One row for each execution of the last 90 days, of whatever account. */
const EXECUTIONS = `WITH executions AS (
  SELECT execution,
    min(control) AS control,
    min(target.account) AS account,
    min(target.region) AS region,
    min(target.id) AS resource,
    min_by(owner.name, n) AS owner,
    min(coalesce(actor.arn, actor.invokedby, actor.type)) AS actor,
    min(from_iso8601_timestamp("at")) AS began,
    max(from_iso8601_timestamp("at")) AS latest,
    min_by(${VIOLATION}, n) FILTER (WHERE ${VIOLATION} IS NOT NULL AND ${IS_LIVE}) AS violation,
    coalesce(max(outcome), 'not ended') AS outcome,
    max_by(reason, n) AS reason,
    max_by(exception.id, n) AS exception
  FROM ${DATABASE}.${TABLE}
  WHERE ${RECENT}
  GROUP BY execution
)`;

const SECONDS = "date_diff('millisecond', began, latest) / 1e3";

/** The saved queries, by what they answer. */
export const savedQueries: readonly SavedQuery[] = [
  {
    name: 'Open violations',
    description: 'Resources that were in violation, without leave, when they were last looked at in the last 90 days',
    sql: `${EXECUTIONS}, looks AS (
  SELECT *, row_number() OVER (
    PARTITION BY control, account, region, resource ORDER BY latest DESC, execution DESC
  ) AS age
  FROM executions
  WHERE violation IS NOT NULL OR outcome IN ('compliant', 'gone')
)
SELECT control, account, region, resource, owner, violation, latest AS last_look, outcome, reason, execution
FROM looks
WHERE age = 1 AND violation IS NOT NULL AND outcome NOT IN ('repaired', 'compliant', 'gone', 'exempt')
ORDER BY last_look`,
  },
  {
    name: 'Who approved what',
    description: 'What people decided on plans in the last 90 days, and who had caused the change',
    sql: `SELECT from_iso8601_timestamp("at") AS decided, decision.verdict, decision."by" AS person, decision.identity,
  decision.reason, control, target.account, target.region, target.id AS resource,
  coalesce(actor.arn, actor.invokedby, actor.type) AS caused_by, execution
FROM ${DATABASE}.${TABLE}
WHERE ${RECENT} AND phase = 'decision'
ORDER BY decided`,
  },
  {
    name: 'Orders',
    description: 'Who stopped repairs in the last 90 days, or let them go on, and why',
    sql: `SELECT from_iso8601_timestamp("at") AS ordered, command.kind, command."by" AS person, command.identity,
  command.reason, control, target.account, target.region, target.id AS resource,
  command.resources, command.execution AS about_execution
FROM ${DATABASE}.${TABLE}
WHERE ${RECENT} AND phase = 'command'
ORDER BY ordered`,
  },
  {
    name: 'Repairs by owner',
    description: 'How much was repaired for whom in the last 90 days, and how fast',
    sql: `${EXECUTIONS}
SELECT owner, control, count(*) AS repairs, count(DISTINCT account || region || resource) AS resources,
  approx_percentile(${SECONDS}, 0.5) AS median_seconds, max(${SECONDS}) AS longest_seconds
FROM executions
WHERE outcome = 'repaired'
GROUP BY owner, control
ORDER BY repairs DESC, owner, control`,
  },
  {
    name: 'Exceptions used',
    description: 'By whose leave violations were spared in the last 90 days, and how often',
    sql: `SELECT exception.id AS exception, control, exception.owner AS owner, exception.approver AS approver,
  exception.ticket AS ticket, exception.reason AS reason, exception.expires AS expires, count(DISTINCT execution) AS times,
  count(DISTINCT target.account || target.region || target.id) AS resources, max(from_iso8601_timestamp("at")) AS last_used
FROM ${DATABASE}.${TABLE}
WHERE ${RECENT} AND exception.id IS NOT NULL
GROUP BY exception.id, control, exception.owner, exception.approver, exception.ticket, exception.reason, exception.expires
ORDER BY last_used DESC`,
  },
  {
    name: 'Time to repair by control',
    description: 'From the plan to the record that says it reads back as compliant, in the last 90 days',
    sql: `${EXECUTIONS}
SELECT control, count(*) AS repairs, approx_percentile(${SECONDS}, 0.5) AS median_seconds,
  approx_percentile(${SECONDS}, 0.95) AS slow_seconds, max(${SECONDS}) AS longest_seconds
FROM executions
WHERE outcome = 'repaired'
GROUP BY control
ORDER BY median_seconds DESC`,
  },
  {
    name: 'What one actor caused',
    description:
      "Violations in the last 90 days that a person or role caused: give a part of its ARN, such as 'user/maria'",
    sql: `${EXECUTIONS}
SELECT began, control, account, region, resource, owner, violation, outcome, reason, actor, execution
FROM executions
WHERE violation IS NOT NULL AND strpos(actor, ?) > 0
ORDER BY began`,
  },
];
