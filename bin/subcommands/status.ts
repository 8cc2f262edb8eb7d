import { type Pending, sectionsOf } from '../../lib/governance/pending.ts';
import { printable } from '../../lib/text/printable.ts';
import { hubSubcommand } from './hub-subcommand.ts';

/** The command `evenkeel status`. */
export const status = hubSubcommand({
  name: 'status',
  does: `Shows what waits for people: a halt, plans to approve, holds, batches, accounts to release, and exceptions that end within two weeks.
It changes nothing.`,
  takes: [],
  scans: true,
  example: 'status',
  needs: 'GET /status',
  async run(api, _, say) {
    const waiting = (await api.get('/status')) as Pending; // the hub's word
    say(described(waiting));
    return waiting;
  },
});

function described(waiting: Pending): string {
  const sections = sectionsOf(waiting).filter(([, lines]) => lines.length > 0);
  if (sections.length === 0) return 'Nothing waits for people.';
  return sections
    .map(([heading, lines]) => [heading, ...lines.map((line) => `  ${printable(line)}`)].join('\n'))
    .join('\n\n');
}
