import type { HubFunction } from '../config/names.ts';

/** Seconds that each function may take; Repair reads back for half a minute, the sweep lists whole accounts, and a digest may have days to catch up on. */
export const TIMEOUTS = {
  admit: 60,
  plan: 60,
  approve: 60,
  decide: 29, // API Gateway waits no longer
  command: 29,
  repair: 180,
  settle: 60,
  sweep: 900,
  reevaluate: 60,
  'circuit-breaker': 30,
  digest: 900,
  publish: 60,
  notify: 10, // what fails is tried again after six times that
  remind: 60,
  status: 29,
  'dry-run': 29,
} as const satisfies Record<HubFunction, number>;
