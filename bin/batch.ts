import { counted } from '../lib/counted.ts';
import type { Batch, BatchSummary, OrderTaken } from '../lib/orders.ts';
import { printable } from '../lib/pack/printable.ts';
import { render } from '../lib/patch.ts';
import { dispatch } from './dispatch.ts';
import { field } from './field.ts';
import type { Api } from './hub/api.ts';
import { type Asked, type HubCommand, hubCommand } from './hub/command.ts';

/** The commands of `evenkeel batch`. */
export const run = (args: readonly string[]): Promise<number> =>
  dispatch(
    {
      name: 'evenkeel batch',
      summary: 'What already stood in violation when repairs began, or was found at once, waits for one release.',
      example: 'evenkeel batch show my-control 222222222222',
      commands: {
        list: { summary: 'list every batch that waits', load: async () => hubCommand(list) },
        show: { summary: 'show each resource of a batch with its exact change', load: async () => hubCommand(show) },
        release: { summary: 'have repaired what a batch shows', load: async () => hubCommand(release) },
      },
    },
    args,
  );

const pathOf = ({ names: [control = '', account = ''] }: Asked) =>
  `/batches/${encodeURIComponent(control)}/${encodeURIComponent(account)}`;
const look = async (api: Api, asked: Asked) => (await api.get(pathOf(asked))) as Batch; // the hub's word

const list: HubCommand = {
  name: 'batch list',
  does: 'Lists every batch that waits: a control, an account, how many resources, since when and why.',
  takes: [],
  looks: true,
  example: 'batch list --format json',
  needs: 'GET /batches',
  async run(api, _asked, say) {
    const answer = (await api.get('/batches')) as { readonly batches: readonly BatchSummary[] }; // the hub's word
    if (answer.batches.length === 0) say('No batch waits.');
    for (const batch of answer.batches) say(printable(headline(batch)));
    if (answer.batches.length > 0) say('\nLook at one: evenkeel batch show <control> <account>');
    return answer;
  },
};

const show: HubCommand = {
  name: 'batch show',
  does: 'Shows every resource of a batch: the violation, the exact change and the execution that planned it. Nothing is changed.',
  takes: ['control', 'account'],
  looks: true,
  example: 'batch show my-control 222222222222',
  needs: 'GET /batches/*',
  async run(api, asked, say) {
    const batch = await look(api, asked);
    say(describe(batch));
    const { control, account } = batch;
    say(`\nHave it repaired: evenkeel batch release ${control} ${account} --reason "..."`);
    return batch;
  },
};

const release: HubCommand = {
  name: 'batch release',
  does: `Has repaired exactly what it first shows, each as the control's mode says: at once, or after an approval of its own.
Refused where the batch changes in between. What comes later is repaired as the mode says, without another release.`,
  takes: ['control', 'account'],
  example: 'batch release my-control 222222222222 --reason "seen with payments, CHG-4713"',
  needs: 'GET /batches/* and POST /batches/*/release',
  async run(api, asked, say) {
    const batch = await look(api, asked);
    say(`You are about to release this batch:\n${describe(batch)}`);
    const taken = (await api.post(`${pathOf(asked)}/release`, {
      reason: asked.reason,
      list: batch.list,
    })) as OrderTaken; // as above
    say(`\nDone: released by ${taken.by} at ${taken.at}; ${AFTER[batch.mode]}.\n  evidence  ${taken.evidence}`);
    return { batch, taken };
  },
};

const AFTER = {
  auto: 'each is repaired now, or when the time is over that its owner has',
  approve: 'each asks for an approval now',
  observe: 'nothing is repaired, for the control only observes there',
} as const satisfies { readonly [M in Batch['mode']]: string };

const headline = ({ control, account, count, since, reason, mode }: BatchSummary) =>
  `${control} ${account}  ${counted(count, 'resource')} since ${since}, mode ${mode}. ${reason}`;

const describe = (batch: Batch) =>
  [
    headline(batch),
    ...batch.resources.flatMap(({ region, id, execution, violation, patch }) => [
      '',
      `  resource  ${region} ${id}`,
      `  violation ${violation}`,
      ...field('patch', render(patch)).map((line) => `  ${line}`),
      `  execution ${execution}`,
    ]),
  ]
    .map(printable) // ids and reasons are others' words
    .join('\n');
