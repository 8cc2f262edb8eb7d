import { createHash } from 'node:crypto';

/**
 * Whether CDK derives a logical id from a construct path. CloudFormation sends only the logical id of a resource, and
 * exceptions name the path. CDK guarantees the format: the readable parts below the stack, and eight digits of the MD5 of
 * all parts.
 */
export function isMadeOf(logicalId: string, path: string, stack: string): boolean {
  const parts = path.split('/');
  const below = parts.slice(partsOf(stack, parts));
  return below.length > 0 && ENDS.some((end) => idOf([...below, ...end]) === logicalId);
}

/** Exceptions name the construct. Its resource is the child "Resource", or "Default", which CDK leaves out of the id. */
const ENDS = [[], ['Resource']];

/** By default, the name of a stack in a Stage has the names of both. Every other stack is a child of the app. */
function partsOf(stack: string, parts: readonly string[]): number {
  const named = parts.findIndex((_, index) => parts.slice(0, index + 1).join('-') === stack);
  return named < 0 ? 1 : named + 1;
}

const READABLE = 240;
const LONGEST = 255;

function idOf(path: readonly string[]): string {
  const parts = path.filter((part) => part !== 'Default');
  const [only = '', ...more] = parts;
  if (more.length === 0 && readable([only]).length <= LONGEST) return readable([only]);
  const digits = createHash('md5').update(parts.join('/')).digest('hex').slice(0, 8).toUpperCase();
  const visible = withoutRepeats(parts).filter((part) => part !== 'Resource');
  return `${readable(visible).slice(0, READABLE)}${digits}`;
}

const readable = (parts: readonly string[]) => parts.map((part) => part.replace(/[^A-Za-z0-9]/g, '')).join('');

/** Leaves out a part that repeats the end of the part before it. */
function withoutRepeats(parts: readonly string[]): string[] {
  const kept: string[] = [];
  for (const part of parts) if (!kept.at(-1)?.endsWith(part)) kept.push(part);
  return kept;
}
