import { readFileSync, writeFileSync } from 'node:fs';
import { controls } from '../controls/index.ts';
import { type Cost, costOf } from './cost.ts';
import { inspectHub } from './inspector.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';
import { breakAndWait, placeFor, prepare } from './scenario.ts';

const README = new URL('../README.md', import.meta.url);
const PLACE = /(<!-- figures -->)[\s\S]*(<!-- \/figures -->)/;

/** Measures one automatic repair of every control, and writes the table into the README. */
async function main(): Promise<void> {
  const world = await startLocalAws({
    waitScale: 0.1,
    logPrefix: 'figures-',
    onStep: (step) => console.log(`  ${step}`),
  });
  try {
    const rows = await measureAll(world);
    const text = readFileSync(README, 'utf8');
    if (!PLACE.test(text)) throw new Error('README.md has no place for the figures: <!-- figures --><!-- /figures -->');
    writeFileSync(README, text.replace(PLACE, `$1\n${table(rows)}\n$2`));
    console.log(table(rows));
  } finally {
    await world.stop();
  }
}

async function measureAll(world: LocalAws): Promise<[string, Cost][]> {
  const eye = inspectHub(world);
  const rows: [string, Cost][] = [];
  for (const [turn, control] of controls.filter(({ repair }) => repair).entries()) {
    const prepared = await prepare(
      world,
      control,
      placeFor(world.config, control, turn),
      `cost-${control.id}`.slice(0, 40),
    );
    await eye.quiet();
    await world.gateway.clearCalls();
    const { row } = await breakAndWait(eye, prepared);
    rows.push([control.id, await costOf(world, control, row)]);
    await eye.quiet();
  }
  return rows;
}

const table = (rows: readonly [string, Cost][]) =>
  [
    '| one automatic repair of | state transitions | Lambda invocations | AWS calls of the engine | the control’s own reads and writes |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows.map(
      ([control, { transitions, invocations, engineCalls, controlCalls }]) =>
        `| ${control} | ${transitions} | ${invocations} | ${engineCalls} | ${controlCalls} |`,
    ),
  ].join('\n');

await main();
