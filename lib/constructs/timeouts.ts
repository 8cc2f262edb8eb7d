import type { HubFunction } from '../names.ts';

/** Seconds that each function may take; Repair reads back for half a minute, and the sweep lists whole accounts. */
export const TIMEOUTS = {
  admit: 60,
  plan: 60,
  approve: 60,
  repair: 180,
  settle: 60,
  sweep: 900,
  reevaluate: 60,
} as const satisfies Record<HubFunction, number>;
