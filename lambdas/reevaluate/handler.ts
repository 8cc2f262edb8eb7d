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

/** An event of the outcome bus, as EventBridge puts it into the queue. */
const repaired = z.object({
  detail: z.object({ control: z.string(), target: z.object({ account: z.string(), region: z.string() }) }),
});

type Repaired = z.output<typeof repaired>;
type Waiting = Message<Repaired>;

const placeOf = ({ detail: { target } }: Repaired) => `${target.account} ${target.region}`;

/** Asks AWS Config to run scheduled rules again after repairs, with one call for all of an account's and region's. */
const reevaluate = (event: SQSEvent): Promise<SQSBatchResponse> =>
  serveGroups(event, repaired, ({ said }) => placeOf(said), evaluatePlace);

/** Answers what has to wait: AWS takes one such call a minute, and says so when it comes too often. */
async function evaluatePlace(waiting: readonly Waiting[]): Promise<readonly Waiting[]> {
  const [first] = waiting;
  const control = controlOf(first?.said.detail.control);
  if (!first || !control) return [];
  const { account, region } = first.said.detail.target;
  const rules = [...new Set(waiting.map(({ said }) => said.detail.control))].slice(0, RULES);
  const session = stableId('reevaluate', ...waiting.map(({ messageId }) => messageId));
  const place = { account, region, partition: settings.hub.partition };
  const { client } = await observe({ ...control, services: [] }, place, session, engineReads.reevaluate);
  try {
    await new ConfigService(client).startConfigRulesEvaluation({ ConfigRuleNames: rules.map(names.configRule) });
    return waiting.filter(({ said }) => !rules.includes(said.detail.control));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'LimitExceededException')) throw error;
    logger.info('AWS Config evaluates already; asking again later', { account, region });
    return waiting;
  }
}

/** Lambda's entry. */
export const handler = step('reevaluate', reevaluate);
