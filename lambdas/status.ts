import { allBatches, oneBatch } from './shared/batch.ts';
import { door, Refusal, type Request } from './shared/door.ts';
import { waitingNow } from './shared/waiting.ts';

const LOOKS: { readonly [route: string]: (request: Request) => Promise<object> } = {
  'GET /status': () => waitingNow(new Date()),
  'GET /batches': allBatches,
  'GET /batches/{control}/{account}': oneBatch,
};

/** Shows whoever IAM lets what waits for people now, all of it or one batch with each of its changes. */
async function status(request: Request): Promise<object> {
  const look = LOOKS[request.routeKey];
  if (!look) throw new Refusal(404, `There is no "${request.routeKey}".`);
  return look(request);
}

/** Lambda's entry. */
export const handler = door('status', status);
