import type { Waiting } from '../lib/waiting.ts';
import { door } from './shared/door.ts';
import { waitingNow } from './shared/waiting.ts';

/** Shows whoever IAM lets what waits for people now. */
const status = (): Promise<Waiting> => waitingNow(new Date());

/** Lambda's entry. */
export const handler = door('status', status);
