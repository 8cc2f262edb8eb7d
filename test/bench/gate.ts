import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { commandLine, modules } from '../../bin/bundle.ts';
import { cfnLint } from './gate/cfn-lint.ts';
import { checking, evaluation, synthesis } from './gate/parts.ts';
import { WORK } from './gate/run.ts';
import { checkingTable, evaluationTable, synthesisTable } from './gate/tables.ts';

// npm run bench:gate [-- --json <file>]: measures the gate in one run on one machine.
const { values } = parseArgs({ options: { json: { type: 'string' }, turns: { type: 'string', default: '5' } } });
const turns = Number(values.turns);
const outdir = join(WORK, 'library');
await Promise.all([build({ ...modules, outdir }), build(commandLine)]);

console.log(`The cost of the gate, on Node ${process.versions.node} and ${cpus()[0]?.model}.`);
console.log(`Every number is the best of ${turns} new processes; the variants alternate.`);
const load = (loadavg()[0] ?? 0) / cpus().length;
console.log(`Load of the processors: ${load.toFixed(1)} each; above 0.5, wall times are not reliable.\n`);
const synthesized = await synthesis(join(outdir, 'lib/index.js'), [100, 500, 2000], turns);
console.log(synthesisTable(synthesized));
const evaluated = await evaluation([500, 2000, 20_000], turns);
console.log(evaluationTable(evaluated));
const other = cfnLint();
const checked = await checking(join(commandLine.outdir, 'evenkeel.js'), other, 500, turns);
console.log(checkingTable(checked, other));
if (values.json) {
  const figures = {
    node: process.versions.node,
    turns,
    synthesis: synthesized,
    evaluation: evaluated,
    checking: checked,
  };
  writeFileSync(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
}
