import { Worker } from 'node:worker_threads';
import type { Report, Subject } from './evaluate-target.ts';

/** The input of the worker thread. */
export interface Work {
  readonly subject: Subject;
  readonly stack: string | undefined;
  /** The controls that are off. */
  readonly off: readonly string[];
}

/** The author of a template decides how much memory its evaluation needs; this is the limit in megabytes. */
const resourceLimits = { maxOldGenerationSizeMb: 320 };

/** Evaluates in a worker thread, which can be stopped at any time, so the answer is never late. */
export function runWorker(work: Work, file: URL, signal: AbortSignal): Promise<Report> {
  const worker = new Worker(file, { workerData: work, resourceLimits });
  return new Promise<Report>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The worker thread ended without a report.')));
    signal.addEventListener('abort', () => reject(signal.reason));
  }).finally(() => worker.terminate());
}
