import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { commandLine, modules } from '../../bin/bundle.ts';
import { cfnLint } from './gate/cfn-lint.ts';
import { checking, judging, synthesis } from './gate/parts.ts';
import { WORK } from './gate/run.ts';
import { checkingTable, judgingTable, synthesisTable } from './gate/tables.ts';

// npm run bench:gate [-- --json <file>]: what the gate costs, all from one run on one machine.
const { values } = parseArgs({ options: { json: { type: 'string' }, turns: { type: 'string', default: '5' } } });
const turns = Number(values.turns);
const outdir = join(WORK, 'library');
await Promise.all([build({ ...modules, outdir }), build(commandLine)]);

console.log(`What the gate costs, on Node ${process.versions.node} and ${cpus()[0]?.model}.`);
console.log(`Every number is the best of ${turns} processes, of which each starts cold; variants take turns.`);
const load = (loadavg()[0] ?? 0) / cpus().length;
console.log(`Other work for its processors now: ${load.toFixed(1)} each; above 0.5, wall time says little.\n`);
const synthesised = await synthesis(join(outdir, 'lib/index.js'), [100, 500, 2000], turns);
console.log(synthesisTable(synthesised));
const evaluateFile = await judging([500, 2000, 20_000], turns);
console.log(judgingTable(evaluateFile));
const other = cfnLint();
const checked = await checking(join(commandLine.outdir, 'evenkeel.js'), other, 500, turns);
console.log(checkingTable(checked, other));
if (values.json) {
  const figures = {
    node: process.versions.node,
    turns,
    synthesis: synthesised,
    judging: evaluateFile,
    checking: checked,
  };
  writeFileSync(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
}
