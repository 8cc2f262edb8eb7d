import { errorMessage } from '../../lib/model/errors.ts';
import type { Forecast, ScanForecast, ScanTarget } from '../../lib/governance/forecast.ts';
import { render } from '../../lib/model/patch.ts';
import { printable } from '../../lib/text/printable.ts';
import { pluralize } from '../../lib/text/words.ts';
import { field } from './field.ts';
import { type Api, addressOf, openApi, Refused } from './hub-api.ts';
import { FORMAT, formatOf, subcommand, UsageError } from './subcommand.ts';

const help = `Shows everything that is in violation now, the exact patch that would repair it, and what would come of it. It changes nothing:
the hub looks with credentials that can only read.

Usage: evenkeel plan [--control <ids>] [--account <ids>] [--region <ids>] [--api <url>] [--hub-region <region>] [--format human|json]

  --control, --account, --region   look only there; several by commas
  --hub-region                     the region that the hub stands in; AWS_REGION unless told
  --format                         human for people (the default), or json

Example: evenkeel plan --control my-control,another-control --account 222222222222

The API is the hub stack's output DecisionApi; say it by --api or EVENKEEL_API. The call is signed with your AWS credentials.
You need execute-api:Invoke on GET /plan and GET /plan/*.

Exit codes: 0 nothing is in violation, 1 something is, 2 not everything could be looked at.
`;
const options = {
  control: { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
  api: { type: 'string' },
  'hub-region': { type: 'string' },
  format: FORMAT,
} as const;

/** Places that are looked at together; each is one call of the hub's function, which AWS lets run a few at a time. */
const AT_ONCE = 4;

/** A place that nobody could look at. */
interface Missed extends ScanTarget {
  readonly because: string;
}

/** Runs the command, and gives its exit code. */
export const run = subcommand({ name: 'plan', help, options }, async ({ values, positionals }) => {
  if (positionals.length > 0) throw new UsageError('it takes options only.');
  const format = formatOf(values.format);
  const api = await openApi(addressOf(values.api, values['hub-region'], '--hub-region'));
  const { spots } = (await api.get('/plan')) as { readonly spots: readonly ScanTarget[] }; // the hub's word
  const asked = chosen(spots, values);
  const say = (text: string) => void process.stdout.write(format === 'json' ? '' : `${printable(text)}\n`);
  say(
    `Looking at ${pluralize(asked.length, 'place')}, each one control in one account and region. Nothing is changed.`,
  );
  const { places, missed } = await lookAt(api, asked, (place) => describe(place).forEach(say));
  if (format === 'json') process.stdout.write(`${JSON.stringify({ places, missed })}\n`);
  else summary(places, missed).forEach(say);
  if (missed.length > 0) return 2;
  return places.some(({ violations }) => violations.length > 0) ? 1 : 0;
});

function chosen(
  spots: readonly ScanTarget[],
  asked: { readonly [Field in keyof ScanTarget]?: string },
): readonly ScanTarget[] {
  const fields = (['control', 'account', 'region'] as const).flatMap((field) => {
    const named = asked[field]?.split(',').map((one) => one.trim());
    const unknown = named?.find((one) => !spots.some((spot) => spot[field] === one));
    if (unknown !== undefined)
      throw new UsageError(`--${field}: nothing is held to "${unknown}" by the deployed config.`);
    return named ? [{ field, named }] : [];
  });
  return spots.filter((spot) => fields.every(({ field, named }) => named.includes(spot[field])));
}

async function lookAt(api: Api, spots: readonly ScanTarget[], seen: (place: ScanForecast) => void) {
  const [found, missed]: [Map<string, ScanForecast>, Missed[]] = [new Map(), []];
  const left = [...spots];
  const worker = async () => {
    for (let spot = left.shift(); spot; spot = left.shift()) {
      const name = nameOf(spot);
      try {
        const place = (await api.get(`/plan/${name}`)) as ScanForecast; // the hub's word
        found.set(name, place);
        seen(place);
        for (const because of [place.broken, ...place.unread]) if (because) missed.push({ ...spot, because });
      } catch (error) {
        if (error instanceof Refused) throw error;
        missed.push({ ...spot, because: errorMessage(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  // As the hub lists them and not as they answered, so that the same answers make the same output.
  return { places: spots.flatMap((spot) => found.get(nameOf(spot)) ?? []), missed };
}

const nameOf = ({ control, account, region }: ScanTarget) => `${control}/${account}/${region}`;

function describe({ control, account, region, listed, violations }: ScanForecast): string[] {
  if (violations.length === 0) return [];
  const title = `${control} in ${account} ${region}: ${violations.length} of ${listed} in violation`;
  return ['', title, ...violations.flatMap(describeOne)];
}

const describeOne = ({ id, violation, before, patch, mode, predictedOutcome, because }: Forecast): string[] => [
  `  ${id}`,
  `    violation  ${violation}`,
  ...field('patch', patch ? render(patch, { from: before }) : ['none: a person has to put it right'], 10).map(
    (line) => `    ${line}`,
  ),
  `    comes      ${predictedOutcome} (mode ${mode}): ${because}`,
];

function summary(places: readonly ScanForecast[], missed: readonly Missed[]): string[] {
  const all = places.flatMap(({ violations }) => violations);
  const tally = new Map<string, number>();
  for (const { predictedOutcome } of all) tally.set(predictedOutcome, (tally.get(predictedOutcome) ?? 0) + 1);
  const listed = places.reduce((sum, place) => sum + place.listed, 0);
  const parts = [...tally].map(([predictedOutcome, times]) => `${times} ${predictedOutcome}`).join(', ');
  return [
    '',
    `${pluralize(all.length, 'violation')} among ${pluralize(listed, 'resource')} looked at${parts && `: ${parts}`}.`,
    ...(missed.length > 0 ? ['', 'Not everything could be looked at:'] : []),
    ...missed.map(({ control, account, region, because }) => `  ${control} in ${account} ${region}: ${because}`),
  ];
}
