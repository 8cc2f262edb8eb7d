import { controls } from '../../controls/index.ts';
import type { Control, Severity } from '../../lib/model/control.ts';

/** Returns the control with an id; undefined if it was removed. */
export const controlOf = (id: string | undefined): Control | undefined => controls.find((control) => control.id === id);

/** The severity of a control; `high` for a control that was removed, whose severity is unknown. */
export const severityOf = (id: string): Severity => controlOf(id)?.severity ?? 'high';
