import { ConfigService } from '@aws-sdk/client-config-service';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { engineReads } from '../../lib/config/engine-reads.ts';
import { names } from '../../lib/config/names.ts';
import { stableId } from '../events/stable-id.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { type Message, serveGroups } from '../runtime/queue.ts';
import { observe } from '../runtime/sessions.ts';
import { logger, step } from '../runtime/step.ts';

/** AWS Config's limit for one call. */
const RULES = 25;

/** An event of the outcome bus, as EventBridge sends it to the queue. */
const repaired = z.object({
  detail: z.object({ control: z.string(), target: z.object({ account: z.string(), region: z.string() }) }),
});

type Repaired = z.output<typeof repaired>;
type Waiting = Message<Repaired>;

const placeOf = ({ detail: { target } }: Repaired) => `${target.account} ${target.region}`;

/** Starts scheduled AWS Config rules again after repairs, with one call per account and region. */
const reevaluate = (event: SQSEvent): Promise<SQSBatchResponse> =>
  serveGroups(event, repaired, ({ content }) => placeOf(content), evaluatePlace);

/** Returns the messages that must wait, because AWS accepts one such call a minute. */
async function evaluatePlace(waiting: readonly Waiting[]): Promise<readonly Waiting[]> {
  const [first] = waiting;
  const control = controlOf(first?.content.detail.control);
  if (!first || !control) return [];
  const { account, region } = first.content.detail.target;
  const rules = [...new Set(waiting.map(({ content }) => content.detail.control))].slice(0, RULES);
  const session = stableId('reevaluate', ...waiting.map(({ messageId }) => messageId));
  const place = { account, region, partition: settings.hub.partition };
  const { client } = await observe({ ...control, services: [] }, place, session, engineReads.reevaluate);
  try {
    await new ConfigService(client).startConfigRulesEvaluation({ ConfigRuleNames: rules.map(names.configRule) });
    return waiting.filter(({ content }) => !rules.includes(content.detail.control));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'LimitExceededException')) throw error;
    logger.info('AWS Config evaluates already; asking again later', { account, region });
    return waiting;
  }
}

/** Lambda's entry. */
export const handler = step('reevaluate', reevaluate);
