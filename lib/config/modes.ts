import type { Mode } from '../model/control.ts';

/** The modes, in ascending order of what Evenkeel may do. */
export const MODES = ['observe', 'approve', 'auto'] as const;
/** The modes and `off`, in ascending order. */
export const MODES_OR_OFF = ['off', ...MODES] as const;
/** The modes of the CloudFormation hook, in ascending order of strictness. */
export const HOOK_MODES = ['off', 'warn', 'fail'] as const;

/** The first candidate of an ascending order. */
export const lowest = <M extends string>(order: readonly M[], candidates: readonly (M | undefined)[]): M | undefined =>
  order.find((value) => candidates.includes(value));

/** The lower of a mode and a maximum mode. */
export const lowerMode = (mode: Mode, maxMode: Mode | undefined): Mode => lowest(MODES, [mode, maxMode]) ?? mode;
