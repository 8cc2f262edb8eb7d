import type { LastUse } from '../model/control.ts';

/** The last use of a resource or credential, in one line. */
export const lastUsed = ({ what, at, service, region }: LastUse): string =>
  `${what}: ${at ? [at, service, region].filter(Boolean).join(', ') : 'no use recorded by AWS'}`;
