import type { LastUse } from '../model/control.ts';

/** When something was last used, as people read it. */
export const lastUsed = ({ what, at, service, region }: LastUse): string =>
  `${what}: ${at ? [at, service, region].filter(Boolean).join(', ') : 'never, as far as AWS knows'}`;
