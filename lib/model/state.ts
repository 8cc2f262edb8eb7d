import { canonical, sha256 } from './canonical.ts';
import type { State } from './control.ts';

/** Whether two states are equal, regardless of the order of their keys. */
export const sameState = (a: State, b: State): boolean => canonical(a) === canonical(b);

/** SHA-256 of a state's canonical JSON; equal for equal states. */
export const stateHash = (state: State): string => sha256(canonical(state));
