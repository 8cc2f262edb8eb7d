import { canonical, sha256 } from './canonical.ts';
import type { State } from './control.ts';

/** Whether two states are equal, whatever the order of their keys. */
export const sameState = (a: State, b: State): boolean => canonical(a) === canonical(b);

/** Returns SHA-256 of a state's canonical JSON: a short value that is the same for equal states. */
export const stateHash = (state: State): string => sha256(canonical(state));
