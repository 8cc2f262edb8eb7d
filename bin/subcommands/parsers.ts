import * as yaml from 'yaml';
import * as zod from 'zod';
import type { Parsers } from '../../lib/exceptions/read-file.ts';

/** The parsers of exceptions files. A bundled CommonJS package that is imported on demand has only a `default` export. */
export const parsers: Parsers = { yaml, zod };
