import * as yaml from 'yaml';
import * as zod from 'zod';
import type { Libraries } from '../../lib/register/read.ts';

/** Loaded on demand as a module of our own: by itself, a bundled CommonJS package would come as its `default` alone. */
export const libraries: Libraries = { yaml, zod };
