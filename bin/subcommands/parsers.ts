import * as yaml from 'yaml';
import * as zod from 'zod';
import type { Parsers } from '../../lib/exceptions/read-file.ts';

/** Loaded on demand as a module of our own: by itself, a bundled CommonJS package would come as its `default` alone. */
export const libraries: Parsers = { yaml, zod };
