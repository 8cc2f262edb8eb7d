import { existsSync } from 'node:fs';
import { controls } from '../../controls/index.ts';
import { Unreadable } from '../../lib/judge/unreadable.ts';
import { type Libraries, RegisterError, type RegisterFile, readRegister } from '../../lib/register/read.ts';
import { Waivers } from '../../lib/register/waivers.ts';
import { readText } from './source/text.ts';

/** The files of exceptions that a run goes by; those unnamed are looked for where CDK apps have them. */
export interface ExceptionFiles {
  readonly register?: string;
  readonly proposals?: string;
}

const DEFAULTS: Required<ExceptionFiles> = { register: '.evenkeel/register.json', proposals: 'exceptions.yaml' };

/** Opens them; throws `RegisterError` with everything that is wrong with one. */
export async function openWaivers(asked: ExceptionFiles, now: Date): Promise<Waivers> {
  const [register, proposals] = (['register', 'proposals'] as const).map(
    (kind) => asked[kind] ?? (existsSync(DEFAULTS[kind]) ? DEFAULTS[kind] : undefined),
  );
  const registers = register === undefined ? [] : [await open(register)];
  const proposed = proposals === undefined || proposals === register ? [] : [await open(proposals)];
  return new Waivers(registers, proposed, now);
}

async function open(file: string): Promise<RegisterFile> {
  const text = await textOf(file);
  const known = { controls: controls.map(({ id }) => id) };
  // The published register is JSON; what people write needs libraries that take longer to load than templates to judge.
  const libraries = /^\s*\{/.test(text) && text.includes('"schema"') ? undefined : await load();
  return readRegister(text, file, known, () => {
    if (!libraries) throw new RegisterError(`${file} cannot be used as a register of exceptions: it is no JSON.`);
    return libraries;
  });
}

async function load(): Promise<Libraries> {
  const [yaml, zod] = await Promise.all([import('yaml'), import('zod')]);
  return { yaml, zod };
}

async function textOf(file: string): Promise<string> {
  try {
    return (await readText(file)).text;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new RegisterError(`${file} cannot be used as a register of exceptions: ${error.message}.`);
  }
}
