import { ConfigService } from '@aws-sdk/client-config-service';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { controls } from '../controls/index.ts';
import { engineReads } from '../lib/engine-reads.ts';
import { names } from '../lib/names.ts';
import { settings } from './shared/environment.ts';
import { stableId } from './shared/identity.ts';
import { observe } from './shared/sessions.ts';
import { logger, step } from './shared/step.ts';

/** AWS Config's limit for one call. */
const RULES = 25;

const message = z.object({
  detail: z.object({ control: z.string(), target: z.object({ account: z.string(), region: z.string() }) }),
});

interface Waiting {
  readonly messageId: string;
  readonly control: string;
  readonly account: string;
  readonly region: string;
}

/** Asks AWS Config to run scheduled rules again after repairs, with one call for all of an account's and region's. */
async function reevaluate({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const waiting = Records.flatMap(read);
  const places = new Map<string, Waiting[]>();
  for (const one of waiting) {
    const place = `${one.account} ${one.region}`;
    places.set(place, [...(places.get(place) ?? []), one]);
  }
  const failed = await Promise.all([...places.values()].map(attempt));
  const unreadable = Records.filter((record) => read(record).length === 0);
  return {
    batchItemFailures: [...failed.flat(), ...unreadable].map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
}

/** What cannot be read goes the way of all that fails, to the dead letters, and takes nothing else with it. */
function read({ messageId, body }: SQSRecord): Waiting[] {
  const parsed = message.safeParse(jsonOf(body));
  if (!parsed.success) return [];
  const { control, target } = parsed.data.detail;
  return [{ messageId, control, account: target.account, region: target.region }];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One account that cannot be reached must not make the others' calls come again. */
async function attempt(waiting: readonly Waiting[]): Promise<readonly Waiting[]> {
  try {
    return await evaluatePlace(waiting);
  } catch (error) {
    logger.error('AWS Config could not be asked', { account: waiting[0]?.account, error: String(error) });
    return waiting;
  }
}

/** Answers what has to wait: AWS takes one such call a minute, and says so when it comes too often. */
async function evaluatePlace(waiting: readonly Waiting[]): Promise<readonly Waiting[]> {
  const [first] = waiting;
  const control = controls.find(({ id }) => id === first?.control);
  if (!first || !control) return [];
  const { account, region } = first;
  const rules = [...new Set(waiting.map(({ control: id }) => id))].slice(0, RULES);
  const session = stableId('reevaluate', ...waiting.map(({ messageId }) => messageId));
  const place = { account, region, partition: settings.hub.partition };
  const { client } = await observe({ ...control, uses: [] }, place, session, engineReads.reevaluate);
  try {
    await new ConfigService(client).startConfigRulesEvaluation({ ConfigRuleNames: rules.map(names.configRule) });
    return waiting.filter(({ control: id }) => !rules.includes(id));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'LimitExceededException')) throw error;
    logger.info('AWS Config evaluates already; asking again later', { account, region });
    return waiting;
  }
}

/** Lambda's entry. */
export const handler = step('reevaluate', reevaluate);
