import { readFileSync } from 'node:fs';
import { controls } from '../../../controls/index.ts';
import { evaluate, type Template } from '../../../lib/evaluate/index.ts';

// Evaluates the template of a file with all controls, once in a new process; sends the milliseconds.
const [file = ''] = process.argv.slice(2);
const template = JSON.parse(readFileSync(file, 'utf8')) as Template; // made by the bench
const started = performance.now();
evaluate(controls, template);
process.send?.(performance.now() - started);
