import type { Control } from '../lib/control.ts';
import { s3BlockPublicAccess } from './s3/s3-block-public-access.ts';

/** Every control, sorted by id. */
export const controls: readonly Control[] = [s3BlockPublicAccess];
