import { controls } from '../../controls/index.ts';
import { type ExceptionFiles, filesOf } from '../../lib/register/files.ts';
import { Waivers } from '../../lib/register/waivers.ts';
import { openRegister } from '../register/open.ts';

/** Opens the files of exceptions that a run goes by; throws `RegisterError` with everything that is wrong with one. */
export async function openWaivers(asked: ExceptionFiles, now: Date): Promise<Waivers> {
  const files = filesOf([asked]);
  const known = { controls: controls.map(({ id }) => id) };
  const open = (file: string) => openRegister(file, known);
  return new Waivers(await Promise.all(files.register.map(open)), await Promise.all(files.proposals.map(open)), now);
}
