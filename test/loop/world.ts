import { inject } from 'vitest';
import { gatewayClient } from '../../sandbox/gateway/client.ts';
import { watch } from '../../sandbox/watch.ts';
import type { World } from '../../sandbox/world.ts';

/** What the set-up hands to the test workers. */
export type Provided = Pick<World, 'developers' | 'deployment'> & { readonly url: string };

const { url, developers, deployment } = inject('world');

/** The world that the set-up made, as tests reach it. */
export const world = { gateway: { ...gatewayClient(url), url }, developers, deployment };

/** What becomes of events in it. */
export const eye = watch(world);

let made = 0;
/** A name that no other test uses. */
export const freshName = (what: string): string => `${what}-${process.pid.toString(36)}-${++made}`.slice(0, 40);
