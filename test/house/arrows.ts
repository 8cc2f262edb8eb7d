import type { Import } from './import-graph.ts';

/** The rooms of `lib` that load no CDK. */
const LIBRARY = [
  ...['lib/model', 'lib/text', 'lib/evaluate', 'lib/exceptions', 'lib/config', 'lib/evidence', 'lib/governance'],
  ...['lib/events', 'lib/notifications'],
];

/**
 * The rooms of the house and the rooms that each may import; itself always, and nothing else.
 * A room is a folder or, where a file has arrows of its own, that file. The longest path that fits decides.
 */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'controls/services.ts': [],
  'lib/model': ['controls/services.ts'],
  controls: ['controls/services.ts', 'lib/model', 'lib/text'],

  'lib/text': ['lib/model'],
  'lib/evaluate': ['lib/model', 'lib/text'],
  'lib/exceptions': ['lib/model', 'lib/text'],
  'lib/config': ['lib/model', 'lib/text', 'lib/exceptions'],
  'lib/evidence': ['lib/model', 'lib/text', 'lib/exceptions'],
  'lib/governance': ['lib/model', 'lib/text', 'lib/exceptions', 'lib/config', 'lib/evidence'],
  'lib/events': ['lib/model', 'lib/text', 'lib/exceptions', 'lib/config', 'lib/evidence', 'lib/governance'],
  'lib/notifications': ['lib/model', 'lib/text', 'lib/config', 'lib/events'],

  'lib/stacks/functions.ts': ['lib/model', 'lib/config', 'lib/evidence'],
  'lib/constructs': [
    'lib/stacks/functions.ts',
    ...['lib/model', 'lib/text', 'lib/exceptions', 'lib/config', 'lib/evidence', 'lib/events', 'lib/notifications'],
  ],
  'lib/stacks': [
    'lib/constructs',
    'lib/stacks/functions.ts',
    'lib/model',
    'lib/exceptions',
    'lib/config',
    'lib/evidence',
  ],
  aspects: ['lib/model', 'lib/text', 'lib/evaluate', 'lib/exceptions', 'lib/config', 'controls'],
  'lib/index.ts': ['aspects', 'controls', 'lib/model', 'lib/evaluate', 'lib/exceptions'],

  'lambdas/events': [...LIBRARY, 'controls/services.ts'],
  'lambdas/runtime': ['lambdas/events', ...LIBRARY, 'controls'],
  'lambdas/store': ['lambdas/runtime', 'lambdas/events', ...LIBRARY],
  'lambdas/evidence': ['lambdas/store', 'lambdas/runtime', 'lambdas/events', ...LIBRARY],
  'lambdas/decision': [
    'lambdas/evidence',
    'lambdas/store',
    'lambdas/runtime',
    'lambdas/events',
    ...LIBRARY,
    'controls/services.ts',
  ],
  // The folder of a function: no function imports another's.
  'lambdas/*': [
    'lambdas/decision',
    'lambdas/evidence',
    'lambdas/store',
    'lambdas/runtime',
    'lambdas/events',
    ...LIBRARY,
    'controls',
  ],

  'bin/check': [...LIBRARY, 'controls', 'package.json'],
  bin: ['bin/check', 'aspects', 'lib', 'controls', 'package.json'],
  sandbox: ['bin', 'aspects', 'lambdas', 'lib', 'controls', 'test/cases', 'package.json'],
};

/** Packages that only these rooms import, apart from their types. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'aws-cdk-lib': ['lib/stacks', 'lib/constructs', 'aspects', 'bin'],
  constructs: ['lib/stacks', 'lib/constructs', 'aspects'],
  '@aws-sdk': ['controls/services.ts', 'lib/evidence', 'lambdas', 'bin', 'sandbox'],
  '@aws-lambda-powertools': ['lambdas'],
};

const within = (path: string, room: string) => path === room || path.startsWith(`${room}/`);

/** The room of a file. */
export function roomOf(file: string): string {
  const rooms = Object.keys(ARROWS).filter((room) => within(file, room));
  const room = rooms.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
  return room || file.replace(/^(lambdas\/[^/]+)\/.*/, '$1');
}

/** An error message for an import that no arrow allows. */
export function violationOf({ from, to, line, typeOnly }: Import): string | undefined {
  const room = roomOf(from);
  const at = `${from}:${line} imports ${to}`;
  if (to.startsWith('node:') || within(to, room)) return undefined;
  if (/\.(?:ts|json)$/.test(to)) {
    const allowed = ARROWS[room] ?? ARROWS['lambdas/*'] ?? [];
    return allowed.some((one) => within(to, one)) ? undefined : `${at}: ${room} may import ${allowed.join(', ')}`;
  }
  // Types of packages are erased, so that they cost nothing at run time.
  const packages = Object.entries(PACKAGES).find(([name]) => within(to, name))?.[1];
  if (typeOnly || !packages || packages.some((one) => within(from, one))) return undefined;
  return `${at}: only ${packages.join(', ')} may import it, apart from its types`;
}
