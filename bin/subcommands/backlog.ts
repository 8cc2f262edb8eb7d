import type { Backlog, BacklogSummary, CommandAccepted } from '../../lib/events/api.ts';
import { render } from '../../lib/model/patch.ts';
import { printable } from '../../lib/text/printable.ts';
import { pluralize } from '../../lib/text/words.ts';
import { dispatch } from './dispatch.ts';
import { field } from './field.ts';
import type { Api } from './hub-api.ts';
import { type HubRequest, type HubSubcommand, hubSubcommand } from './hub-subcommand.ts';

/** The commands of `evenkeel batch`. */
export const run = (args: readonly string[]): Promise<number> =>
  dispatch(
    {
      name: 'evenkeel batch',
      summary: 'What already stood in violation when repairs began, or was found at once, waits for one release.',
      example: 'evenkeel batch show my-control 222222222222',
      commands: {
        list: { summary: 'list every batch that waits', load: async () => hubSubcommand(list) },
        show: { summary: 'show each resource of a batch with its exact change', load: async () => hubSubcommand(show) },
        release: { summary: 'have repaired what a batch shows', load: async () => hubSubcommand(release) },
      },
    },
    args,
  );

const pathOf = ({ names: [control = '', account = ''] }: HubRequest) =>
  `/backlogs/${encodeURIComponent(control)}/${encodeURIComponent(account)}`;
const look = async (api: Api, asked: HubRequest) => (await api.get(pathOf(asked))) as Backlog; // the hub's word

const list: HubSubcommand = {
  name: 'batch list',
  does: 'Lists every batch that waits: a control, an account, how many resources, since when and why.',
  takes: [],
  scans: true,
  example: 'batch list --format json',
  needs: 'GET /backlogs',
  async run(api, _asked, say) {
    const answer = (await api.get('/backlogs')) as { readonly backlogs: readonly BacklogSummary[] }; // the hub's word
    if (answer.backlogs.length === 0) say('No batch waits.');
    for (const backlog of answer.backlogs) say(printable(headline(backlog)));
    if (answer.backlogs.length > 0) say('\nLook at one: evenkeel batch show <control> <account>');
    return answer;
  },
};

const show: HubSubcommand = {
  name: 'batch show',
  does: 'Shows every resource of a batch: the violation, the exact change and the execution that planned it. Nothing is changed.',
  takes: ['control', 'account'],
  scans: true,
  example: 'batch show my-control 222222222222',
  needs: 'GET /backlogs/*',
  async run(api, asked, say) {
    const backlog = await look(api, asked);
    say(describe(backlog));
    const { control, account } = backlog;
    say(`\nHave it repaired: evenkeel batch release ${control} ${account} --reason "..."`);
    return backlog;
  },
};

const release: HubSubcommand = {
  name: 'batch release',
  does: `Has repaired exactly what it first shows, each as the control's mode says: at once, or after an approval of its own.
Refused where the batch changes in between. What comes later is repaired as the mode says, without another release.`,
  takes: ['control', 'account'],
  example: 'batch release my-control 222222222222 --reason "seen with payments, CHG-4713"',
  needs: 'GET /backlogs/* and POST /backlogs/*/release',
  async run(api, asked, say) {
    const backlog = await look(api, asked);
    say(`You are about to release this batch:\n${describe(backlog)}`);
    const taken = (await api.post(`${pathOf(asked)}/release`, {
      reason: asked.reason,
      list: backlog.list,
    })) as CommandAccepted; // as above
    say(`\nDone: released by ${taken.by} at ${taken.at}; ${AFTER[backlog.mode]}.\n  evidence  ${taken.evidence}`);
    return { backlog, taken };
  },
};

const AFTER = {
  auto: 'each is repaired now, or when the time is over that its owner has',
  approve: 'each asks for an approval now',
  observe: 'nothing is repaired, for the control only observes there',
} as const satisfies { readonly [M in Backlog['mode']]: string };

const headline = ({ control, account, count, since, reason, mode }: BacklogSummary) =>
  `${control} ${account}  ${pluralize(count, 'resource')} since ${since}, mode ${mode}. ${reason}`;

const describe = (backlog: Backlog) =>
  [
    headline(backlog),
    ...backlog.resources.flatMap(({ region, id, execution, violation, patch }) => [
      '',
      `  resource  ${region} ${id}`,
      `  violation ${violation}`,
      ...field('patch', render(patch)).map((line) => `  ${line}`),
      `  execution ${execution}`,
    ]),
  ]
    .map(printable) // ids and reasons are others' words
    .join('\n');
