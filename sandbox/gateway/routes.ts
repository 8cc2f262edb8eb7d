import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The emulator that answers a service, or a part of the gateway itself. */
type Backend = 'ministack' | 'moto' | 'config' | 'tags';

/** Returns the backend of a service, by the names of its model and of its SigV4 scope. */
export type Router = (service: string, scope?: string) => Backend;

const GATEWAY: Readonly<Record<string, Backend>> = {
  config: 'config',
  resourcegroupstaggingapi: 'tags',
  tagging: 'tags',
};

// MiniStack has these services, but not all operations that the controls use; moto has those.
const MOTO = ['ec2', 'rds', 's3control'];

/** Routes each service to MiniStack, and to moto if MiniStack lacks it. */
export const routerFor =
  (inMinistack: ReadonlySet<string>): Router =>
  (service, scope = service) =>
    GATEWAY[service] ??
    (MOTO.includes(service) || !(inMinistack.has(service) || inMinistack.has(scope)) ? 'moto' : 'ministack');

/** Reads the names of MiniStack's services, aliases included, from its own table. */
export function ministackServices(sitePackages: string): ReadonlySet<string> {
  const file = join(sitePackages, 'ministack', 'app.py');
  const [, table = ''] = /^SERVICE_REGISTRY = \{\n(.*?)^\}/ms.exec(readFileSync(file, 'utf8')) ?? [];
  const names = [...table.matchAll(/^ {4}"([\w-]+)":/gm)].map(([, name = '']) => name);
  const aliases = [...table.matchAll(/"aliases": \(([^)]*)\)/g)].flatMap(([, quoted = '']) =>
    [...quoted.matchAll(/"([\w-]+)"/g)].map(([, alias = '']) => alias),
  );
  if (names.length === 0) throw new Error(`${file} has no SERVICE_REGISTRY. Run: node sandbox/setup.mjs`);
  return new Set([...names, ...aliases]);
}
