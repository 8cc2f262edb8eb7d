import { Worker } from 'node:worker_threads';
import type { Report, Subject } from './evaluate-target.ts';

/** What the judging thread is given. */
export interface Work {
  readonly subject: Subject;
  readonly stack: string | undefined;
  /** The controls that are left out. */
  readonly off: readonly string[];
}

/** Whoever writes a template decides how long it takes to judge and how much memory; no more than these megabytes. */
const resourceLimits = { maxOldGenerationSizeMb: 320 };

/** Judges in a thread of its own, which can be ended in the midst of it: the answer must not be late. */
export function runWorker(work: Work, file: URL, signal: AbortSignal): Promise<Report> {
  const worker = new Worker(file, { workerData: work, resourceLimits });
  return new Promise<Report>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The judging thread ended without a report.')));
    signal.addEventListener('abort', () => reject(signal.reason));
  }).finally(() => worker.terminate());
}
