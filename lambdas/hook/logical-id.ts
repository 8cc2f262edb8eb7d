import { createHash } from 'node:crypto';

/**
 * Whether CDK made a stack's logical id of a construct's path. CloudFormation tells a resource's logical id only, and people
 * name exceptions by the path. CDK promises never to change its way: the readable parts below the stack, and eight digits
 * of the MD5 of them all.
 */
export function isMadeOf(logicalId: string, path: string, stack: string): boolean {
  const parts = path.split('/');
  const below = parts.slice(partsOf(stack, parts));
  return below.length > 0 && ENDS.some((end) => idOf([...below, ...end]) === logicalId);
}

/** People name the construct; the resource that it is made of is called "Resource", or "Default", which counts for nothing. */
const ENDS = [[], ['Resource']];

/** A stack in a Stage is called after both unless somebody gave it a name; any other one stands right below the app. */
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
  const spoken = withoutEchoes(parts).filter((part) => part !== 'Resource');
  return `${readable(spoken).slice(0, READABLE)}${digits}`;
}

const readable = (parts: readonly string[]) => parts.map((part) => part.replace(/[^A-Za-z0-9]/g, '')).join('');

/** A part that only repeats the end of the last one spoken is left out. */
function withoutEchoes(parts: readonly string[]): string[] {
  const kept: string[] = [];
  for (const part of parts) if (!kept.at(-1)?.endsWith(part)) kept.push(part);
  return kept;
}
