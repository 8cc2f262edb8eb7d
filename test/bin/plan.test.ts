import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../bin/subcommands/plan.ts';

/** The hub's API with an answer for each path; other paths fail. */
const hub = { answers: {} as { [path: string]: object }, asked: [] as string[] };
let server: Server;
let output = '';

beforeAll(async () => {
  server = createServer(async ({ url = '' }, response) => {
    hub.asked.push(url);
    const answer = hub.answers[url];
    if (url.startsWith('/plan/doors')) await new Promise((later) => setTimeout(later, 50));
    response.writeHead(answer ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  vi.stubEnv('EVENKEEL_API', `http://127.0.0.1:${(server.address() as AddressInfo).port}`); // it listens on a port
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server.close();
});

const target = (control: string, account = '222222222222') => ({ control, account, region: 'eu-west-1' });
const seen = (control: string, over: object = {}) => ({
  ...target(control),
  listed: 2,
  violations: [],
  unread: [],
  ...over,
});
const violation = {
  id: 'a-bucket',
  violation: 'It is public.\u001b[2J',
  before: { Open: true },
  patch: [{ op: 'replace', path: '/Open', value: false }],
  mode: 'auto',
  predictedOutcome: 'repaired',
  reason: 'It is repaired.',
};

beforeEach(() => {
  output = '';
  hub.asked = [];
  hub.answers = {
    '/plan': { targets: [target('doors'), target('windows')] },
    '/plan/doors/222222222222/eu-west-1': seen('doors'),
    '/plan/windows/222222222222/eu-west-1': seen('windows'),
  };
});

describe('evenkeel plan', () => {
  it('exits with 0 without violations', async () => {
    expect(await run([])).toBe(0);
    expect(output).toMatch(/Scanning 2 targets.*Nothing is changed.*0 violations in 4 resources/s);
  });

  it('exits with 1 for a violation, shows its patch, and neutralizes control characters', async () => {
    hub.answers['/plan/doors/222222222222/eu-west-1'] = seen('doors', { violations: [violation] });
    expect(await run([])).toBe(1);
    expect(output).toMatch(
      /doors in 222222222222 eu-west-1: 1 of 2 resources in violation.*a-bucket.*set Open to false \(was true\).*repaired \(mode auto\).*1 violation in 4 resources\. Predicted outcomes: 1 repaired\./s,
    );
    expect(output).not.toContain('\u001b');
  });

  it.each([
    ['a target fails', () => delete hub.answers['/plan/doors/222222222222/eu-west-1'], /503/],
    ['a target is incomplete', () => broken({ incomplete: 'There is more.' }), /There is more/],
    ['a resource cannot be read', () => broken({ unread: ['x: AccessDenied'] }), /x: AccessDenied/],
  ])('exits with 2 if %s, also with violations elsewhere', async (_, arrange, words) => {
    hub.answers['/plan/windows/222222222222/eu-west-1'] = seen('windows', { violations: [violation] });
    arrange();
    expect(await run([])).toBe(2);
    expect(output).toMatch(/The scan is incomplete/);
    expect(output).toMatch(words);
  });

  it('scans only the selected targets', async () => {
    expect(await run(['--control', 'windows', '--account', '222222222222', '--format', 'json'])).toBe(0);
    expect(hub.asked).toEqual(['/plan', '/plan/windows/222222222222/eu-west-1']);
    expect(JSON.parse(output)).toEqual({ places: [seen('windows')], missed: [], notConfigured: [] });
  });

  it('names the controls that are not configured, and the missing parameters', async () => {
    const notConfigured = [{ control: 'logs', missing: ['logGroup'] }];
    hub.answers['/plan'] = { targets: [target('doors')], notConfigured };
    expect(await run([])).toBe(0);
    expect(output).toMatch(/"logs" is not configured, because a required parameter has no value. Set logGroup in/);
    expect(await run(['--control', 'logs'])).toBe(0);
    output = '';
    await run(['--control', 'doors', '--format', 'json']);
    expect(JSON.parse(output)).toMatchObject({ notConfigured: [] });
  });

  it('prints JSON in the order of the hub', async () => {
    await run(['--format', 'json']);
    expect(JSON.parse(output).places).toEqual([seen('doors'), seen('windows')]);
  });

  it.each([
    [['--control', 'roofs'], /--control: "roofs" is not enabled in the deployed configuration/],
    [['--format', 'xml'], /Allowed: human, json/],
    [['doors'], /unexpected argument "doors"/],
  ])('rejects %j', async (args, words) => {
    expect(await run(args)).toBe(2);
    expect(output).toMatch(words);
  });
});

const broken = (over: object) => (hub.answers['/plan/doors/222222222222/eu-west-1'] = seen('doors', over));
