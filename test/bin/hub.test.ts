import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { run as backlog } from '../../bin/subcommands/backlog.ts';
import { halt, rollback } from '../../bin/subcommands/operator-commands.ts';
import { status } from '../../bin/subcommands/status.ts';

/** The hub's API; each call gets the next answer. */
const hub = { answers: [] as { readonly status: number; readonly body: object }[], asked: [] as string[] };
let server: Server;
let url: string;
const output = { out: '', err: '' };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    hub.asked.push(`${request.method} ${request.url} ${body}`);
    const answer = hub.answers.shift() ?? { status: 500, body: {} };
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output.out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    output.err += String(text);
    return true;
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server.close();
});
beforeEach(() => {
  vi.stubEnv('EVENKEEL_API', url);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  Object.assign(hub, { answers: [], asked: [] });
  Object.assign(output, { out: '', err: '' });
});

const taken = { status: 200, body: { by: 'user/1/jo', at: '2026-01-31T00:00:00.000Z', evidence: 'a-key' } };

describe('a subcommand of the hub', () => {
  it('prints the action and exits with 0', async () => {
    hub.answers = [taken];
    expect(await halt.run(['--reason', 'incident'])).toBe(0);
    expect(hub.asked).toEqual(['POST /halt {"reason":"incident"}']);
    expect(output.out).toMatch(/Halting all repairs.*Done: halted by user\/1\/jo/s);
  });

  it('prints only the answer as JSON', async () => {
    hub.answers = [taken];
    expect(await halt.run(['--reason', 'incident', '--format', 'json'])).toBe(0);
    expect(JSON.parse(output.out)).toEqual(taken.body);
  });

  it('can have its own options', async () => {
    hub.answers = [taken, taken];
    expect(await rollback.run(['an-execution', '--reason', 'broken', '--hold-days', '7'])).toBe(0);
    expect(await rollback.run(['an-execution', '--reason', 'broken'])).toBe(0);
    expect(hub.asked).toEqual(
      [7, 14].map((holdDays) => `POST /executions/an-execution/rollback {"reason":"broken","holdDays":${holdDays}}`),
    );
  });

  it('exits with 1 if the hub refuses, with the reason', async () => {
    const refused = { status: 409, body: { refused: 'All is halted already\u001b[2J.' } };
    hub.answers = [refused];
    expect(await halt.run(['--reason', 'incident', '--format', 'json'])).toBe(1);
    expect(JSON.parse(output.out)).toEqual(refused.body);
    expect(output.err).toBe('Refused. All is halted already\uFFFD[2J.\n');
  });

  it('distinguishes a rollback from a repair', async () => {
    const item = { control: 'doors', target: { id: 'x' }, execution: 'e-1' };
    const approvals = [item, { ...item, execution: 'e-2', rollback: 'e-0' }];
    hub.answers = [{ status: 200, body: { approvals, holds: [], backlogs: [], circuitBreakers: [], exceptions: [] } }];
    expect(await status.run([])).toBe(0);
    expect(output.out).toMatch(
      /\n {2}doors on x .*\n {4}evenkeel approve e-1 .*\n {2}rollback of doors on x .*\n.* e-2 /,
    );
  });

  it('names the controls that are not configured', async () => {
    const nothing = { approvals: [], holds: [], backlogs: [], circuitBreakers: [], exceptions: [] };
    const notConfigured = [{ control: 'logs', missing: ['logGroup', 'days'] }];
    hub.answers = [{ status: 200, body: { ...nothing, notConfigured } }];
    expect(await status.run([])).toBe(0);
    expect(output.out).toBe(
      'Controls that are not configured\n  Control "logs" is not configured, because required parameters have no value. Set logGroup and days in the config, under controls.logs.parameters.\n',
    );
  });

  it('names the API that cannot be reached, the error and the remedy', async () => {
    const asked = status.run(['--api', 'http://127.0.0.1:9/']);
    await expect(asked).rejects.toThrow(/http:\/\/127\.0\.0\.1:9 cannot be reached \(bad port\).*output DecisionApi/);
  });

  it('neutralizes control characters in names and reasons', async () => {
    const backlogs = [{ control: 'doors', reason: 'seen: \u001b[31m\nThere is no backlog.', count: 1 }];
    const resources = [{ id: 'a\u001b[2J', region: 'eu-west-1', violation: 'open', patch: [], execution: 'one' }];
    const holds = [{ ...backlogs[0], target: { id: 'a-bucket' } }];
    const waiting = { approvals: [], holds, backlogs: [], circuitBreakers: [], exceptions: [] };
    hub.answers = [{ backlogs }, { ...backlogs[0], resources }, waiting].map((body) => ({ status: 200, body }));
    expect(await backlog(['list'])).toBe(0);
    expect(await backlog(['show', 'doors', '222222222222'])).toBe(0);
    expect(await status.run([])).toBe(0);
    expect(output.out.match(/seen: /g)).toHaveLength(3);
    expect(output.out).not.toContain('\u001b');
    expect(output.out).not.toMatch(/^There is no backlog/m);
  });

  it.each([
    ['without a reason', [], {}, /missing option --reason/],
    ['with an extra argument', ['all', '--reason', 'x'], {}, /unexpected argument "all"/],
    ['with another format', ['--reason', 'x', '--format', 'xml'], {}, /Allowed: human, json/],
    ['with an unknown option', ['--nope'], {}, /nope/],
    ['without the address of the API', ['--reason', 'x'], { EVENKEEL_API: '' }, /--api or EVENKEEL_API/],
    ['without a region', ['--reason', 'x'], { AWS_REGION: '', AWS_DEFAULT_REGION: '' }, /--hub-region or AWS_REGION/],
  ])('exits with 2 and prints help %s', async (_, args, environment, words) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    expect(await halt.run(args)).toBe(2);
    expect(output.err).toMatch(words);
    expect(output.err).toContain('Usage: evenkeel halt --reason <text>');
    expect(hub.asked).toEqual([]);
  });
});
