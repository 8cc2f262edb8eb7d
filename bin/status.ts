import { printable } from '../lib/pack/printable.ts';
import { sectionsOf, type Waiting } from '../lib/waiting.ts';
import { hubCommand } from './hub/command.ts';

/** The command `evenkeel status`. */
export const status = hubCommand({
  name: 'status',
  does: `Shows what waits for people: a halt, plans to approve, holds, batches, accounts to release, and exceptions that end within two weeks.
It changes nothing.`,
  takes: [],
  looks: true,
  example: 'status',
  needs: 'GET /status',
  async run(api, _, say) {
    const waiting = (await api.get('/status')) as Waiting; // the hub's word
    say(described(waiting));
    return waiting;
  },
});

function described(waiting: Waiting): string {
  const sections = sectionsOf(waiting).filter(([, lines]) => lines.length > 0);
  if (sections.length === 0) return 'Nothing waits for people.';
  return sections
    .map(([heading, lines]) => [heading, ...lines.map((line) => `  ${printable(line)}`)].join('\n'))
    .join('\n\n');
}
