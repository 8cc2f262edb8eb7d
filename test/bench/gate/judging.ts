import { readFileSync } from 'node:fs';
import { controls } from '../../../controls/index.ts';
import { evaluate, type Template } from '../../../lib/evaluate/index.ts';

// Judges the template of a file by the whole catalogue, once and cold; sends the milliseconds that it took.
const [file = ''] = process.argv.slice(2);
const template = JSON.parse(readFileSync(file, 'utf8')) as Template; // made by the bench
const started = performance.now();
evaluate(controls, template);
process.send?.(performance.now() - started);
