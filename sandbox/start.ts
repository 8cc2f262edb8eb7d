import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { controls } from '../controls/index.ts';
import type { Control } from '../lib/model/control.ts';
import { inspectHub } from './inspector.ts';
import { keepRunning } from './keep-running.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';
import { HEAD, lines, summary, title } from './report.ts';
import { breakAndWait, placeFor, prepare, prepareAll, type Repaired } from './scenario.ts';

const HELP = `npm start -- [--control <id>] [--keep] [--json <file>]

Deploys Evenkeel into a local AWS, breaks one resource per control with plain AWS calls, and shows each repair.

  --control <id>   only this control
  --keep           keep the local AWS running, to change resources yourself; Ctrl-C ends it
  --json <file>    write { repairs: [{ control, resource, outcome, seconds, evidence }] }`;

interface Shown {
  readonly control: string;
  readonly resource: string;
  readonly outcome: string;
  readonly seconds: number;
  readonly evidence: string;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      control: { type: 'string' },
      keep: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const chosen = choose(values.control);
  if (!chosen) return 2;
  const localAws = await startLocalAws({ waitScale: 0.1, onStep: (step) => console.log(`  ${step}`) });
  try {
    const shown = await showAll(localAws, chosen);
    if (values.json) writeFileSync(values.json, `${JSON.stringify({ repairs: shown }, null, 2)}\n`);
    const failed = shown.filter(({ outcome }) => outcome !== 'repaired');
    console.log(summary(localAws, shown.length, failed.length, values.keep));
    if (values.keep) await keepRunning(localAws);
    return failed.length === 0 ? 0 : 1;
  } finally {
    await localAws.stop();
  }
}

/** All controls that repair, or the one with an id; `undefined` after an error message. */
function choose(id: string | undefined): readonly Control[] | undefined {
  const repairing = controls.filter(({ repair }) => repair);
  const chosen = id ? repairing.filter((control) => control.id === id) : repairing;
  if (chosen.length > 0) return chosen;
  console.error(
    `--control: no control "${id}" that repairs. Available: ${repairing.map((control) => control.id).join(', ')}.`,
  );
  return undefined;
}

async function showAll(localAws: LocalAws, chosen: readonly Control[]): Promise<Shown[]> {
  const inspector = inspectHub(localAws);
  console.log(title('Creating one compliant resource per control'));
  const { prepared, failed } = await prepareAll(chosen, (control, index) =>
    prepare(localAws, control, placeFor(localAws.config, control, index), `keel-${control.id}`.slice(0, 40)),
  );
  for (const { control, error } of failed) console.error(`${control.id}: setup failed: ${error.message}`);
  await inspector.quiet();
  console.log(title('Breaking each with plain AWS calls, as the IAM user "dev"'));
  console.log(HEAD);
  const shown: Shown[] = failed.map(({ control }) => notRepaired(control.id, ''));
  for (const one of prepared) {
    const repaired = await breakAndWait(inspector, one).catch((error: Error) => error);
    if (repaired instanceof Error) {
      console.error(repaired.message);
      shown.push(notRepaired(one.control.id, one.id));
      continue;
    }
    console.log(lines(one, repaired));
    shown.push(show(one.control, one.id, repaired));
  }
  return shown;
}

const notRepaired = (control: string, resource: string): Shown => ({
  control,
  resource,
  outcome: 'none',
  seconds: 0,
  evidence: '',
});

const show = ({ id: control }: Control, resource: string, { row, seconds }: Repaired): Shown => ({
  control,
  resource,
  outcome: row.conclusion?.outcome ?? row.phase,
  seconds,
  evidence: row.records.at(-1)?.key ?? '',
});

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
