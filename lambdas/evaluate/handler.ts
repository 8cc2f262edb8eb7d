import { ConfigService, type Evaluation } from '@aws-sdk/client-config-service';
import { z } from 'zod';
import { partitionOf } from '../../lib/model/aws.ts';
import { ACCOUNT, type Control, type Parameters, type Place, type State } from '../../lib/model/control.ts';
import { controlOf } from '../runtime/catalog.ts';
import { clientsOf } from '../runtime/sessions.ts';
import { step } from '../runtime/step.ts';

const invocation = z.object({
  invokingEvent: z.string(),
  ruleParameters: z.string(),
  resultToken: z.string(),
  accountId: z.string(),
  eventLeftScope: z.boolean().default(false),
});

const item = z.object({
  resourceId: z.string(),
  resourceName: z.string().nullish(),
  resourceType: z.string(),
  configurationItemStatus: z.string(),
  configurationItemCaptureTime: z.string(),
});

const invoking = z.object({
  messageType: z.string(),
  notificationCreationTime: z.string(),
  configurationItem: item.nullish(),
  configurationItemSummary: item.nullish(),
});

const ruleParametersSchema = z.object({ control: z.string(), parameters: z.string() });

/** The event that AWS Config sends to the function of a custom rule. */
export type Invocation = z.input<typeof invocation>;

/** Evaluates resources for the custom rules of AWS Config, with the `read` and `check` of a control. */
async function evaluate(event: Invocation): Promise<void> {
  const { invokingEvent, ruleParameters, resultToken, accountId: account, eventLeftScope } = invocation.parse(event);
  const rule = ruleParametersSchema.parse(JSON.parse(ruleParameters));
  const { configurationItem, configurationItemSummary, notificationCreationTime } = invoking.parse(
    JSON.parse(invokingEvent),
  );
  const control = controlOf(rule.control);
  if (!control) throw new Error(`The AWS Config rule names the unknown control "${rule.control}". Deploy again.`);
  const parameters: Parameters = JSON.parse(rule.parameters);
  const region = process.env.AWS_REGION ?? '';
  const place = { account, region, partition: partitionOf(region) };
  const changed = configurationItem ?? configurationItemSummary;
  const evaluations = changed
    ? [await evaluateItem(control, parameters, place, changed, eventLeftScope)]
    : await evaluateAll(control, parameters, place, notificationCreationTime);
  await report(resultToken, evaluations);
}

async function evaluateItem(
  control: Control,
  parameters: Parameters,
  place: Place,
  changed: z.output<typeof item>,
  left: boolean,
): Promise<Evaluation> {
  const deleted = left || changed.configurationItemStatus.startsWith('ResourceDeleted');
  const spelling = control.configId === 'name' ? (changed.resourceName ?? changed.resourceId) : changed.resourceId;
  const target = { ...place, id: control.normalizeId?.(spelling) ?? spelling };
  const clients = await clientsOf(control.services, { region: place.region });
  const state = deleted ? undefined : await control.observe.read(clients, target);
  return {
    ComplianceResourceType: changed.resourceType,
    ComplianceResourceId: changed.resourceId,
    OrderingTimestamp: new Date(changed.configurationItemCaptureTime),
    ...finding(control, parameters, state),
  };
}

/** A scheduled rule on a setting of the account has the account as its only resource. */
async function evaluateAll(control: Control, parameters: Parameters, place: Place, at: string): Promise<Evaluation[]> {
  const clients = await clientsOf(control.services, { region: place.region });
  const evaluations: Evaluation[] = [];
  for await (const { id, state } of control.observe.list(clients, place)) {
    const live = state ?? (await control.observe.read(clients, { ...place, id }));
    evaluations.push({
      ComplianceResourceType: control.resource,
      ComplianceResourceId: control.resource === ACCOUNT ? place.account : id,
      OrderingTimestamp: new Date(at),
      ...finding(control, parameters, live),
    });
  }
  return evaluations;
}

function finding(
  control: Control,
  parameters: Parameters,
  state: State | undefined,
): Pick<Evaluation, 'ComplianceType' | 'Annotation'> {
  if (!state) return { ComplianceType: 'NOT_APPLICABLE' };
  const verdict = control.check(state, parameters, new Date());
  return verdict === 'compliant'
    ? { ComplianceType: 'COMPLIANT' }
    : { ComplianceType: 'NON_COMPLIANT', Annotation: verdict.violation.slice(0, 256) };
}

/** AWS Config accepts a hundred evaluations per call. */
async function report(ResultToken: string, evaluations: readonly Evaluation[]): Promise<void> {
  const config = new ConfigService({});
  for (let from = 0; from < Math.max(evaluations.length, 1); from += 100) {
    const Evaluations = evaluations.slice(from, from + 100);
    const { FailedEvaluations = [] } = await config.putEvaluations({ ResultToken, Evaluations });
    if (FailedEvaluations.length > 0)
      throw new Error(`AWS Config rejected ${FailedEvaluations.length} evaluations. It invokes this function again.`);
  }
}

/** Lambda's entry. */
export const handler = step('evaluate', evaluate);
