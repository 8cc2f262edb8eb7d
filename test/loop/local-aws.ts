import { inject } from 'vitest';
import { controls } from '../../controls/index.ts';
import { clientsOf } from '../../lambdas/runtime/sessions.ts';
import { checkConfig } from '../../lib/config/config.ts';
import type { Control, Verdict } from '../../lib/model/control.ts';
import { rootOf } from '../../sandbox/accounts.ts';
import input from '../../sandbox/config.ts';
import { gatewayClient } from '../../sandbox/gateway/client.ts';
import { inspectHub } from '../../sandbox/inspector.ts';
import type { LocalAws } from '../../sandbox/local-aws.ts';
import type { Prepared } from '../../sandbox/scenario.ts';

/** The values that the set-up passes to the test workers. */
export type Provided = Pick<LocalAws, 'developers' | 'deployment'> & { readonly url: string };

const { url, developers, deployment } = inject('world');

/** The local AWS of the set-up, as tests use it. */
export const localAws = { gateway: { ...gatewayClient(url), url }, developers, deployment };

/** The config of its accounts. */
export const config = checkConfig(input, controls);

/** The inspector of its hub. */
export const inspector = inspectHub(localAws);

let made = 0;
/** A name that no other test uses. */
export const freshName = (what: string): string => `${what}-${process.pid.toString(36)}-${++made}`.slice(0, 40);

/** A control by its id. */
export function controlOf(id: string): Control {
  const control = controls.find((candidate) => candidate.id === id);
  if (!control) throw new Error(`Unknown control "${id}".`);
  return control;
}

/** The verdict of a control on the live resource, read as the root user of its account. */
export async function liveVerdict({
  control,
  target,
}: Pick<Prepared, 'control' | 'target'>): Promise<Verdict | undefined> {
  const settings = { region: target.region, credentials: rootOf(target.account), endpoint: url };
  const state = await control.observe.read(await clientsOf(control.services, settings), target);
  return state && control.check(state, control.parameters ?? {}, new Date());
}
