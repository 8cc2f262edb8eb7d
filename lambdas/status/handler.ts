import type { HubStatus } from '../../lib/governance/pending.ts';
import { allBacklogs, oneBacklog } from '../decision/backlog-view.ts';
import { pendingNow } from '../decision/pending-items.ts';
import { apiHandler, HttpError, type Request } from '../runtime/api-handler.ts';
import { settings } from '../runtime/environment.ts';

const currentStatus = async (): Promise<HubStatus> => ({
  ...(await pendingNow(new Date())),
  notConfigured: settings.notConfigured,
});

const LOOKS: { readonly [route: string]: (request: Request) => Promise<object> } = {
  'GET /status': currentStatus,
  'GET /backlogs': allBacklogs,
  'GET /backlogs/{control}/{account}': oneBacklog,
};

/** Shows whoever IAM lets what waits for people now, all of it or one batch with each of its changes. */
async function status(request: Request): Promise<object> {
  const look = LOOKS[request.routeKey];
  if (!look) throw new HttpError(404, { code: 'unknown-route', route: request.routeKey });
  return look(request);
}

/** Lambda's entry. */
export const handler = apiHandler('status', status);
