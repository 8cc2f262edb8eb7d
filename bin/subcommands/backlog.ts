import type { Backlog, BacklogSummary, CommandAccepted } from '../../lib/events/api.ts';
import { render } from '../../lib/model/patch.ts';
import { commandLines } from '../../lib/text/command-lines.ts';
import { printable } from '../../lib/text/printable.ts';
import { pluralize } from '../../lib/text/words.ts';
import { dispatch } from './dispatch.ts';
import type { Api } from './hub-api.ts';
import { type HubRequest, type HubSubcommand, hubSubcommand } from './hub-subcommand.ts';
import { field } from './subcommand.ts';

/** Runs the subcommand, and returns its exit code. */
export const run = (args: readonly string[]): Promise<number> =>
  dispatch(
    {
      name: 'evenkeel backlog',
      summary:
        'List, show and release backlogs. A backlog holds the violations of one control in one account that existed before the control was enforced, or that appeared in large numbers. Evenkeel repairs them only after a release.',
      example: 'evenkeel backlog show my-control 222222222222',
      subcommands: {
        list: { summary: list.summary, load: async () => hubSubcommand(list) },
        show: { summary: show.summary, load: async () => hubSubcommand(show) },
        release: { summary: release.summary, load: async () => hubSubcommand(release) },
      },
    },
    args,
  );

const pathOf = ({ args: [control = '', account = ''] }: HubRequest) =>
  `/backlogs/${encodeURIComponent(control)}/${encodeURIComponent(account)}`;
const fetchBacklog = async (api: Api, request: HubRequest) => (await api.get(pathOf(request))) as Backlog; // the API's type

const list: HubSubcommand = {
  name: 'backlog list',
  summary: 'List all backlogs.',
  details: 'Each line shows the control, the account, the number of resources, the start and the reason.',
  args: [],
  readOnly: true,
  example: '--format json',
  permissions: 'GET /backlogs',
  async run(api, _request, print) {
    const answer = (await api.get('/backlogs')) as { readonly backlogs: readonly BacklogSummary[] }; // the API's type
    if (answer.backlogs.length === 0) print('There is no backlog.');
    for (const backlog of answer.backlogs) print(printable(headline(backlog)));
    if (answer.backlogs.length > 0) print(`\nShow one: ${commandLines.backlogShow('<control>', '<account>')}`);
    return answer;
  },
};

const show: HubSubcommand = {
  name: 'backlog show',
  summary: 'Show the resources of a backlog.',
  details:
    'For each resource, the command shows the violation, the exact change and the execution that planned it. Nothing is changed.',
  args: ['control', 'account'],
  readOnly: true,
  example: 'my-control 222222222222',
  permissions: 'GET /backlogs/*',
  async run(api, request, print) {
    const backlog = await fetchBacklog(api, request);
    print(describe(backlog));
    const { control, account } = backlog;
    print(`\nRelease it: ${commandLines.backlogRelease(control, account)}`);
    return backlog;
  },
};

const release: HubSubcommand = {
  name: 'backlog release',
  summary: 'Release a backlog for repair.',
  details:
    'The command shows the backlog, and releases exactly these resources. In mode auto, Evenkeel repairs each resource now or after its grace period. In mode approve, each repair needs its own approval. The hub refuses the release if the backlog has changed since the command showed it. Later violations need no other release.',
  args: ['control', 'account'],
  example: 'my-control 222222222222 --reason "reviewed with payments, CHG-4713"',
  permissions: 'GET /backlogs/* and POST /backlogs/*/release',
  async run(api, request, print) {
    const backlog = await fetchBacklog(api, request);
    print(`You are about to release this backlog:\n${describe(backlog)}`);
    const body = { reason: request.reason, list: backlog.list };
    const released = (await api.post(`${pathOf(request)}/release`, body)) as CommandAccepted; // the API's type
    print(
      `\nDone: released by ${released.by} at ${released.at}. ${NEXT[backlog.mode]}\n  evidence  ${released.evidence}`,
    );
    return { backlog, released };
  },
};

const NEXT = {
  auto: 'Evenkeel repairs each resource now, or after its grace period.',
  approve: 'Each repair now needs its own approval.',
  observe: 'Nothing is repaired, because the control only observes this account.',
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
    .map(printable) // ids and reasons are untrusted text
    .join('\n');
