import { controls } from '../../controls/index.ts';
import type { Control, Severity } from '../../lib/model/control.ts';

/** The control with an id; undefined for one that was removed since. */
export const controlOf = (id: string | undefined): Control | undefined => controls.find((control) => control.id === id);

/** How bad a violation of a control is; of one that was removed since nobody knows, and it is not played down. */
export const severityOf = (id: string): Severity => controlOf(id)?.severity ?? 'high';
