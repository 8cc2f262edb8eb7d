import type { Trail } from '@aws-sdk/client-cloudtrail';
import type { Clients, Listed, Place, State, Target } from '../../lib/model/control.ts';

/** Makes a control's `list`: every trail that has its home here, with the state that the listing carries. */
export function listTrails<S extends State>(stateOf: (trail: Trail) => S) {
  return async function* ({ cloudtrail }: Clients<'cloudtrail'>, place: Place): AsyncGenerator<Listed<S>> {
    const { trailList = [] } = await cloudtrail.describeTrails({ includeShadowTrails: false });
    for (const trail of trailList)
      if (trail.Name && isHome(trail, { ...place, id: trail.Name })) yield { id: trail.Name, state: stateOf(trail) };
  };
}

/** Reads one trail; `undefined` when it is gone, or is the shadow of another region's or the organization's trail. */
export async function readTrail({ cloudtrail }: Clients<'cloudtrail'>, target: Target): Promise<Trail | undefined> {
  const found = await cloudtrail.describeTrails({ trailNameList: [target.id], includeShadowTrails: false });
  return found.trailList?.find((trail) => isHome(trail, target));
}

/** A trail's name from its ARN or its name. */
export const trailId = (spelling: string) => spelling.replace(/^arn:.*:trail\//, '');

// The ARN names the account and region that a trail was made in; only there can it be changed.
function isHome({ TrailARN }: Trail, { partition, region, account, id }: Target): boolean {
  return TrailARN === `arn:${partition}:cloudtrail:${region}:${account}:trail/${id}`;
}
