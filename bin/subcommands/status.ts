import type { HubStatus } from '../../lib/governance/pending.ts';
import { pendingSections } from '../../lib/text/pending-text.ts';
import { printable } from '../../lib/text/printable.ts';
import { hubSubcommand } from './hub-subcommand.ts';

/** The subcommand `evenkeel status`. */
export const status = hubSubcommand({
  name: 'status',
  summary: 'Show what needs your attention.',
  details:
    'The command lists a halt, plans that need an approval, holds, backlogs, open circuit breakers, exceptions that expire within two weeks, and controls that are not configured. Nothing is changed.',
  args: [],
  readOnly: true,
  example: '',
  permissions: 'GET /status',
  async run(api, _, print) {
    const pending = (await api.get('/status')) as HubStatus; // the API's type
    print(describe(pending));
    return pending;
  },
});

function describe(pending: HubStatus): string {
  const sections = pendingSections(pending).filter(([, lines]) => lines.length > 0);
  if (sections.length === 0) return 'Nothing needs your attention.';
  return sections
    .map(([heading, lines]) => [heading, ...lines.map((line) => `  ${printable(line)}`)].join('\n'))
    .join('\n\n');
}
