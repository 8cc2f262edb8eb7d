import { readFileSync, writeFileSync } from 'node:fs';
import { controls } from '../controls/index.ts';
import { type Cost, costOf } from './cost.ts';
import { inspectHub } from './inspector.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';
import { breakAndWait, placeFor, prepare } from './scenario.ts';

const PAGE = new URL('../docs/benchmarks.md', import.meta.url);
const TABLE = /(<!-- figures -->)[\s\S]*(<!-- \/figures -->)/;

/** Measures one automatic repair of every control, and writes the table into docs/benchmarks.md. */
async function main(): Promise<void> {
  const localAws = await startLocalAws({
    waitScale: 0.1,
    logPrefix: 'figures-',
    onStep: (step) => console.log(`  ${step}`),
  });
  try {
    const rows = await measureAll(localAws);
    const text = readFileSync(PAGE, 'utf8');
    if (!TABLE.test(text))
      throw new Error(
        'docs/benchmarks.md has no table between <!-- figures --> and <!-- /figures -->. Add the two comments.',
      );
    writeFileSync(PAGE, text.replace(TABLE, `$1\n${table(rows)}\n$2`));
    console.log(table(rows));
  } finally {
    await localAws.stop();
  }
}

async function measureAll(localAws: LocalAws): Promise<[string, Cost][]> {
  const inspector = inspectHub(localAws);
  const rows: [string, Cost][] = [];
  for (const [turn, control] of controls.filter(({ repair }) => repair).entries()) {
    const prepared = await prepare(
      localAws,
      control,
      placeFor(localAws.config, control, turn),
      `cost-${control.id}`.slice(0, 40),
    );
    await inspector.quiet();
    await localAws.gateway.clearCalls();
    const { row } = await breakAndWait(inspector, prepared);
    rows.push([control.id, await costOf(localAws, control, row)]);
    await inspector.quiet();
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
