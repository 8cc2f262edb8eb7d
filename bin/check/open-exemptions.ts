import { controls } from '../../controls/index.ts';
import { Exemptions } from '../../lib/exceptions/exemptions.ts';
import { type ExceptionFiles, filesOf } from '../../lib/exceptions/files.ts';
import { openExceptionsFile } from '../subcommands/open-exceptions-file.ts';

/** Opens the files of exceptions that a run goes by; throws `RegisterError` with everything that is wrong with one. */
export async function openExemptions(asked: ExceptionFiles, now: Date): Promise<Exemptions> {
  const files = filesOf([asked]);
  const known = { controls: controls.map(({ id }) => id) };
  const open = (file: string) => openExceptionsFile(file, known);
  return new Exemptions(await Promise.all(files.register.map(open)), await Promise.all(files.proposals.map(open)), now);
}
