import type { HubStatus } from '../../lib/governance/pending.ts';
import { allBacklogs, oneBacklog } from '../decision/backlog-view.ts';
import { pendingNow } from '../decision/pending-items.ts';
import { apiHandler, HttpError, type Request } from '../runtime/api-handler.ts';
import { settings } from '../runtime/environment.ts';

const currentStatus = async (): Promise<HubStatus> => ({
  ...(await pendingNow(new Date())),
  notConfigured: settings.notConfigured,
});

const ROUTES: { readonly [route: string]: (request: Request) => Promise<object> } = {
  'GET /status': currentStatus,
  'GET /backlogs': allBacklogs,
  'GET /backlogs/{control}/{account}': oneBacklog,
};

/** Lists the items that need people, or one backlog with each of its changes. IAM decides who may call it. */
async function status(request: Request): Promise<object> {
  const list = ROUTES[request.routeKey];
  if (!list) throw new HttpError(404, { code: 'unknown-route', route: request.routeKey });
  return list(request);
}

/** Lambda's entry. */
export const handler = apiHandler('status', status);
