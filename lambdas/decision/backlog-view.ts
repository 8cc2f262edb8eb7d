import type { Backlog, BacklogSummary } from '../../lib/events/api.ts';
import { canonical, sha256 } from '../../lib/model/canonical.ts';
import { HttpError, type Request } from '../runtime/api-handler.ts';
import { settings } from '../runtime/environment.ts';
import { type BacklogItem, backlogItemsIn } from '../store/backlog-items.ts';
import { getRollout, pendingBacklogs, type StoredRollout } from '../store/rollouts.ts';

/** Returns the backlog that a request names, and its resources. */
export async function backlogOf({
  pathParameters,
}: Request): Promise<{ rollout: StoredRollout; listed: BacklogItem[] }> {
  const { control = '', account = '' } = pathParameters ?? {};
  const rollout = await getRollout(control, account);
  if (!rollout) throw new HttpError(404, { code: 'unknown-backlog', control, account });
  if (rollout.released) {
    const { by, at, reason } = rollout.released;
    throw new HttpError(409, { code: 'backlog-released', control, account, at, by, reason });
  }
  return { rollout, listed: await backlogItemsIn(control, account) };
}

/** Returns the hash of a backlog as a person reviewed it: each resource with its exact change, and the mode of the control. */
export const listHash = ({ since, mode }: StoredRollout, listed: readonly BacklogItem[]): string =>
  sha256(canonical({ since, mode, listed: listed.map(({ target, patch }) => ({ target, patch })) }));

/** Lists the waiting backlogs. */
export async function allBacklogs(): Promise<{ backlogs: BacklogSummary[] }> {
  const rollouts = await pendingBacklogs(settings);
  return {
    backlogs: await Promise.all(
      rollouts.map(async (rollout) =>
        summary(rollout, (await backlogItemsIn(rollout.control, rollout.account)).length),
      ),
    ),
  };
}

/** Returns one backlog, with each resource and its exact change. */
export async function oneBacklog(request: Request): Promise<Backlog> {
  const { rollout, listed } = await backlogOf(request);
  return {
    ...summary(rollout, listed.length),
    list: listHash(rollout, listed),
    resources: listed.map(({ target: { region, id }, execution, violation, patch }) => ({
      region,
      id,
      execution,
      violation,
      patch,
    })),
  };
}

const summary = ({ control, account, mode, since, because, reason }: StoredRollout, count: number): BacklogSummary => ({
  control,
  account,
  mode,
  since,
  because,
  reason,
  count,
});
