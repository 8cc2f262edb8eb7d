import type { CheckReport } from '../check-report.ts';

/** How a terminal shows a report. */
interface TerminalStyle {
  readonly color: boolean;
  /** Omits the findings, if they are shown in another way. */
  readonly brief?: boolean;
}

/** Writes a report as text. */
export type Formatter = (report: CheckReport, style?: TerminalStyle) => string;
