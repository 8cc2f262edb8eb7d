import type { NotConfigured } from '../../lib/config/control-parameters.ts';
import type { Forecast, ScanForecast, ScanTarget } from '../../lib/governance/forecast.ts';
import { errorMessage } from '../../lib/model/errors.ts';
import { render } from '../../lib/model/patch.ts';
import { printable } from '../../lib/text/printable.ts';
import { reasonText } from '../../lib/text/reasons.ts';
import { pluralize } from '../../lib/text/words.ts';
import { FORMAT_OPTION, type Help } from './help.ts';
import { ADDRESS, ADDRESS_OPTIONS, addressOf } from './hub-address.ts';
import { type Api, openApi, RefusedError } from './hub-api.ts';
import { FORMAT, field, formatOf, positional, subcommand, UsageError } from './subcommand.ts';

const help: Help = {
  name: 'plan',
  summary: 'Show violations and planned repairs (dry run).',
  usage: '[options]',
  options: [
    ['--control <id>', 'Scan only this control. Repeatable.'],
    ['--account <id>', 'Scan only this account. Repeatable.'],
    ['--region <region>', 'Scan only resources in this region. Repeatable.'],
    ...ADDRESS_OPTIONS,
    FORMAT_OPTION,
  ],
  details:
    'For each violation, the command shows the exact patch and the predicted outcome. Nothing is changed: the hub scans with credentials that can only read.\n\nEvenkeel signs the requests with your AWS credentials. You need execute-api:Invoke on GET /plan and GET /plan/*.',
  examples: ['plan --control my-control --control another-control --account 222222222222'],
  exitCodes: '0 no violation, 1 violations, 2 error or incomplete scan.',
};
const options = {
  control: { type: 'string', multiple: true },
  account: { type: 'string', multiple: true },
  region: { type: 'string', multiple: true },
  ...ADDRESS,
  format: FORMAT,
} as const;

/** Targets that are scanned at once; each is one call of the hub's function, which AWS runs a few times in parallel. */
const CONCURRENCY = 4;

/** The answer of the hub to GET /plan. */
interface PlanTargets {
  readonly targets: readonly ScanTarget[];
  readonly notConfigured?: readonly NotConfigured[];
}

/** A target that could not be scanned completely. */
interface Missed extends ScanTarget {
  readonly because: string;
}

/** Runs the subcommand, and returns its exit code. */
export const run = subcommand({ help, options }, async ({ values, positionals }) => {
  positional([], positionals);
  const format = formatOf(values.format);
  const api = await openApi(addressOf(values));
  const { targets: scannable, notConfigured: all = [] } = (await api.get('/plan')) as PlanTargets; // the API's type
  const notConfigured = all.filter(({ control }) => values.control?.includes(control) ?? true);
  const targets = select(scannable, notConfigured, values);
  const print = (text: string) => void process.stdout.write(format === 'json' ? '' : `${printable(text)}\n`);
  print(
    `Scanning ${pluralize(targets.length, 'target')}: one control in one account and region each. Nothing is changed.`,
  );
  for (const one of notConfigured) print(reasonText({ code: 'not-configured', ...one }));
  const { places, missed } = await scan(api, targets, (place) => describe(place).forEach(print));
  if (format === 'json') process.stdout.write(`${JSON.stringify({ places, missed, notConfigured })}\n`);
  else summary(places, missed).forEach(print);
  if (missed.length > 0) return 2;
  return places.some(({ violations }) => violations.length > 0) ? 1 : 0;
});

function select(
  targets: readonly ScanTarget[],
  notConfigured: readonly NotConfigured[],
  values: { readonly [Field in keyof ScanTarget]?: readonly string[] },
): readonly ScanTarget[] {
  const fields = ['control', 'account', 'region'] as const;
  const known: readonly Partial<ScanTarget>[] = [...targets, ...notConfigured];
  for (const field of fields) {
    const unknown = values[field]?.find((value) => !known.some((target) => target[field] === value));
    if (unknown !== undefined)
      throw new UsageError(`--${field}: "${unknown}" is not enabled in the deployed configuration.`);
  }
  return targets.filter((target) => fields.every((field) => values[field]?.includes(target[field]) ?? true));
}

async function scan(api: Api, targets: readonly ScanTarget[], onResult: (place: ScanForecast) => void) {
  const [results, missed]: [Map<string, ScanForecast>, Missed[]] = [new Map(), []];
  const queue = [...targets];
  const worker = async () => {
    for (let target = queue.shift(); target; target = queue.shift()) {
      const key = keyOf(target);
      try {
        const place = (await api.get(`/plan/${key}`)) as ScanForecast; // the API's type
        results.set(key, place);
        onResult(place);
        for (const because of [place.incomplete, ...place.unread]) if (because) missed.push({ ...target, because });
      } catch (error) {
        if (error instanceof RefusedError) throw error;
        missed.push({ ...target, because: errorMessage(error) });
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  // In the order of the hub's list, so that the same answers give the same output.
  return { places: targets.flatMap((target) => results.get(keyOf(target)) ?? []), missed };
}

const keyOf = ({ control, account, region }: ScanTarget) => `${control}/${account}/${region}`;

function describe({ control, account, region, listed, violations }: ScanForecast): string[] {
  if (violations.length === 0) return [];
  const title = `${control} in ${account} ${region}: ${violations.length} of ${pluralize(listed, 'resource')} in violation`;
  return ['', title, ...violations.flatMap(describeViolation)];
}

const describeViolation = ({ id, violation, before, patch, mode, predictedOutcome, reason }: Forecast): string[] => [
  `  ${id}`,
  `    violation  ${violation}`,
  ...field('patch', patch ? render(patch, { from: before }) : ['none: a person must fix it'], 10).map(
    (line) => `    ${line}`,
  ),
  `    outcome    ${predictedOutcome} (mode ${mode}): ${reason}`,
];

function summary(places: readonly ScanForecast[], missed: readonly Missed[]): string[] {
  const violations = places.flatMap((place) => place.violations);
  const counts = new Map<string, number>();
  for (const { predictedOutcome } of violations) counts.set(predictedOutcome, (counts.get(predictedOutcome) ?? 0) + 1);
  const scanned = places.reduce((sum, place) => sum + place.listed, 0);
  const outcomes = [...counts].map(([outcome, times]) => `${times} ${outcome}`).join(', ');
  return [
    '',
    `${pluralize(violations.length, 'violation')} in ${pluralize(scanned, 'resource')}${outcomes && `. Predicted outcomes: ${outcomes}`}.`,
    ...(missed.length > 0 ? ['', 'The scan is incomplete:'] : []),
    ...missed.map(({ control, account, region, because }) => `  ${control} in ${account} ${region}: ${because}`),
  ];
}
