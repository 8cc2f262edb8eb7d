import { canonical, sha256 } from '../../lib/evidence.ts';
import type { Batch, BatchSummary } from '../../lib/orders.ts';
import { Refusal, type Request } from './door.ts';
import { settings } from './environment.ts';
import { type Listed, listedIn } from './listed.ts';
import { getRegime, type StoredRegime, waitingBatches } from './regimes.ts';

/** The batch that a request names, and what waits in it. */
export async function batchOf({ pathParameters }: Request): Promise<{ regime: StoredRegime; listed: Listed[] }> {
  const { control = '', account = '' } = pathParameters ?? {};
  const regime = await getRegime(control, account);
  if (!regime) throw new Refusal(404, `Nothing is known of a control "${control}" in account "${account}".`);
  if (regime.released) {
    const { by, at, reason } = regime.released;
    throw new Refusal(409, `No batch of ${control} waits in ${account}: it was released at ${at} by ${by}: ${reason}`);
  }
  return { regime, listed: await listedIn(control, account) };
}

/** Names a list as a person saw it: each resource with its exact change, and whether a release repairs them or asks again. */
export const listHash = ({ since, mode }: StoredRegime, listed: readonly Listed[]): string =>
  sha256(canonical({ since, mode, listed: listed.map(({ target, patch }) => ({ target, patch })) }));

/** Every batch that waits. */
export async function allBatches(): Promise<{ batches: BatchSummary[] }> {
  const regimes = await waitingBatches(settings);
  return {
    batches: await Promise.all(
      regimes.map(async (regime) => summary(regime, (await listedIn(regime.control, regime.account)).length)),
    ),
  };
}

/** One batch, with each resource and its exact change. */
export async function oneBatch(request: Request): Promise<Batch> {
  const { regime, listed } = await batchOf(request);
  return {
    ...summary(regime, listed.length),
    list: listHash(regime, listed),
    resources: listed.map(({ target: { region, id }, execution, violation, patch }) => ({
      region,
      id,
      execution,
      violation,
      patch,
    })),
  };
}

const summary = ({ control, account, mode, since, reason }: StoredRegime, count: number): BatchSummary => ({
  control,
  account,
  mode,
  since,
  reason,
  count,
});
