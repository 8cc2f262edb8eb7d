import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { controls } from '../../controls/index.ts';
import type { HookRules } from '../../lib/config/hook-policy.ts';
import { partitionOf } from '../../lib/model/aws.ts';
import { reportOn } from './evaluate-target.ts';
import type { Work } from './run-worker.ts';

// The worker thread of the hook; `runWorker` starts it.
const { subject, stack, off } = workerData as Work;
const rules: HookRules = JSON.parse(readFileSync(new URL('./rules.json', import.meta.url), 'utf8'));
const enabled = controls.filter(({ id }) => !off.includes(id));
const { EVENKEEL_ACCOUNT: account, AWS_REGION: region } = process.env;
const place = { ...(account && { account }), ...(region && { region, partition: partitionOf(region) }) };
parentPort?.postMessage(await reportOn(subject, { ...rules, controls: enabled, stack, place, now: new Date() }));
