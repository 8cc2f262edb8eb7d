import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { controls } from '../../controls/index.ts';
import type { HookAnswer } from '../../lambdas/hook/answer.ts';
import { runWorker, type Work } from '../../lambdas/hook/run-worker.ts';
import { checkConfig } from '../../lib/config/config.ts';
import { settingsOf } from '../../lib/config/settings.ts';
import { bundle } from '../../lib/stacks/lambda-code.ts';
import { exception } from '../exceptions/entries.ts';
import { example } from '../stacks/synth.ts';
import { resourceRequest, stackPayload, stackRequest } from './hook-events.ts';
import { served } from './hook-server.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const folder = mkdtempSync(join(tmpdir(), 'evenkeel-hook-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'evenkeel');
vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Evenkeel');
const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true); // where metrics go

const policy = { off: [], stacks: ['CDKToolkit'], errors: 'pass' };
let handler: (event: unknown, context: object) => Promise<HookAnswer>;

beforeAll(async () => {
  const config = checkConfig(example(), controls);
  const exceptions = [
    exception({
      id: 'own',
      control: 's3-require-tls',
      template: { stack: 'MyStack', resource: 'S3Bucket' },
      expires: '2999-12-31',
    }),
    exception({ id: 'live-only', template: undefined, live: { account: '111111111111' } }),
  ];
  const published = { schema: 'evenkeel.exceptions/v1', commit: 'a-commit', exceptions } as const;
  const code = bundle(settingsOf(config, controls, 'a-commit'), published, folder);
  ({ handler } = await import(pathToFileURL(join(code.hook, 'hook.mjs')).href));
});

const ask = (event: unknown, milliseconds = 60_000) => {
  vi.stubEnv('EVENKEEL_HOOK', JSON.stringify(policy));
  return handler(event, { awsRequestId: 'r', getRemainingTimeInMillis: () => milliseconds });
};
const payload = (body: Parameters<typeof served>[0], stack = 'Other') => ({
  ...stackRequest,
  stackId: stackRequest.stackId.replace('MyStack', stack),
  requestData: { ...stackRequest.requestData, payload: served(body) },
});

describe('the deployed code', () => {
  it('answers the documented requests, with the exceptions that were deployed with it', async () => {
    expect(await ask(resourceRequest)).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask(payload(stackPayload))).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
    const exempt = await ask(payload(stackPayload, 'MyStack'));
    expect(exempt).toMatchObject({ hookStatus: 'SUCCESS', message: expect.stringContaining('exception own') });
  });

  it('counts its errors in the metric of the alarm', async () => {
    stdout.mockClear();
    await ask({});
    const lines = stdout.mock.calls.map(([line]) => JSON.parse(String(line)));
    expect(lines).toMatchObject([
      {
        HookErrors: 1,
        service: 'evenkeel',
        _aws: { CloudWatchMetrics: [{ Namespace: 'Evenkeel', Dimensions: [['service']] }] },
      },
    ]);
  });

  it('reads YAML as CloudFormation does', async () => {
    const template = 'Resources:\n  Store:\n    Type: AWS::S3::Bucket\n    Properties: { BucketName: !Ref Name }\n';
    expect((await ask(payload({ template }))).message).toContain('Store: The bucket has no policy');
  });

  it.each([
    ['an alias bomb', { template: bomb() }],
    ['nesting without end', { template: `{"Resources":${'['.repeat(200_000)}` }],
  ])('passes for %s', async (_, body) => {
    const answer = await ask(payload(body));
    expect(answer).toMatchObject({ hookStatus: 'SUCCESS', message: expect.stringContaining('could not evaluate') });
  });

  it('passes for a payload that never ends, is too large, does not exist or redirects', async () => {
    const endless = await ask(
      payload((_, response) => response.write('{')),
      2_500,
    );
    expect(endless.message).toMatch(/took longer than|aborted/);
    const large = await ask(payload((_, response) => response.end(Buffer.alloc(17 * 1024 * 1024, ' '))));
    expect(large.message).toContain('has more than');
    const missing = await ask(payload((_, response) => response.writeHead(403).end()));
    expect(missing.message).toContain('S3 returned status 403');
    const elsewhere = await ask(payload((_, response) => response.writeHead(302, { location: '/' }).end()));
    expect(elsewhere.message).toContain('could not evaluate');
  });

  it('retries S3 once', async () => {
    let asked = 0;
    const event = payload((_, response) => {
      if (++asked === 1) response.destroy();
      else response.end(JSON.stringify(stackPayload));
    });
    expect(await ask(event)).toMatchObject({ hookStatus: 'FAILED', errorCode: 'NonCompliant' });
  });

  it('passes if its policy is not set', async () => {
    vi.stubEnv('EVENKEEL_HOOK', undefined);
    const answer = await handler(resourceRequest, { awsRequestId: 'r', getRemainingTimeInMillis: () => 29_000 });
    expect(answer).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringContaining('EVENKEEL_HOOK is not set'),
    });
  });

  it('starts with neither SDK nor CDK, and loads YAML only for YAML', async () => {
    const { metafile } = await build({
      entryPoints: { hook: 'lambdas/hook/handler.ts', 'hook-worker': 'lambdas/hook/worker.ts' },
      bundle: true,
      splitting: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      outdir: 'out',
    });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.filter((input) => /aws-sdk|smithy|aws-cdk|constructs|xray/.test(input))).toEqual([]);
    for (const { inputs: own, entryPoint } of Object.values(metafile.outputs))
      if (entryPoint?.startsWith('lambdas/'))
        expect(Object.keys(own).filter((input) => input.includes('node_modules/yaml/'))).toEqual([]);
  });
});

describe('the worker thread', () => {
  const work: Work = { subject: { kind: 'stack', body: '' }, stack: 'Shop', off: [] };
  const thread = (code: string) => {
    const file = join(folder, `thread-${code.length}.mjs`);
    writeFileSync(file, code);
    return pathToFileURL(file);
  };

  it('is stopped if it takes too long', async () => {
    const beat = join(folder, 'beat');
    const busy = thread(`import { appendFileSync as say } from 'node:fs'; for (;;) say(${JSON.stringify(beat)}, '.');`);
    await expect(runWorker(work, busy, AbortSignal.timeout(2_000))).rejects.toThrow(/time/i);
    const { size } = statSync(beat);
    await setTimeout(200);
    expect(statSync(beat).size).toBe(size);
  });

  it('fails if it needs too much memory', async () => {
    const hungry = thread('const all = []; for (;;) all.push(new Array(1e5).fill({}));');
    await expect(runWorker(work, hungry, new AbortController().signal)).rejects.toThrow(/memory/i);
  });

  it('fails if it ends without a report', async () => {
    await expect(runWorker(work, thread('export {};'), new AbortController().signal)).rejects.toThrow(
      /without a report/,
    );
  });
});

/** YAML with nine levels of nine aliases, a gigabyte in total. */
function bomb(): string {
  const lines = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(', ')}]`);
  return ['a0: &a0 lol', ...lines, 'Resources: { Store: { Type: "AWS::S3::Bucket", Properties: { Tags: *a9 } } }'].join(
    '\n',
  );
}
