import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../bin/subcommands/plan.ts';

/** The hub's API as a test scripts it: an answer by path; what has none fails. */
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

const spot = (control: string, account = '222222222222') => ({ control, account, region: 'eu-west-1' });
const seen = (control: string, over: object = {}) => ({
  ...spot(control),
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
  because: 'It is repaired.',
};

beforeEach(() => {
  output = '';
  hub.asked = [];
  hub.answers = {
    '/plan': { spots: [spot('doors'), spot('windows')] },
    '/plan/doors/222222222222/eu-west-1': seen('doors'),
    '/plan/windows/222222222222/eu-west-1': seen('windows'),
  };
});

describe('evenkeel plan', () => {
  it('answers 0 where nothing is in violation', async () => {
    expect(await run([])).toBe(0);
    expect(output).toMatch(/Looking at 2 places.*Nothing is changed.*0 violations among 4 resources/s);
  });

  it('answers 1 where something is, and shows its patch; what others wrote cannot drive the terminal', async () => {
    hub.answers['/plan/doors/222222222222/eu-west-1'] = seen('doors', { violations: [violation] });
    expect(await run([])).toBe(1);
    expect(output).toMatch(
      /doors in 222222222222 eu-west-1: 1 of 2.*a-bucket.*set Open to false \(was true\).*repaired \(mode auto\).*1 violation among 4 resources looked at: 1 repaired/s,
    );
    expect(output).not.toContain('\u001b');
  });

  it.each([
    ['a place does not answer', () => delete hub.answers['/plan/doors/222222222222/eu-west-1'], /503/],
    ['a place has more than can be looked at', () => broken({ broken: 'There is more.' }), /There is more/],
    ['something could not be read', () => broken({ unread: ['x: AccessDenied'] }), /x: AccessDenied/],
  ])('answers 2 where %s, also with violations elsewhere', async (_, arrange, words) => {
    hub.answers['/plan/windows/222222222222/eu-west-1'] = seen('windows', { violations: [violation] });
    arrange();
    expect(await run([])).toBe(2);
    expect(output).toMatch(/Not everything could be looked at/);
    expect(output).toMatch(words);
  });

  it('looks only where it is told to', async () => {
    expect(await run(['--control', 'windows', '--account', '222222222222', '--format', 'json'])).toBe(0);
    expect(hub.asked).toEqual(['/plan', '/plan/windows/222222222222/eu-west-1']);
    expect(JSON.parse(output)).toEqual({ places: [seen('windows')], missed: [] });
  });

  it('gives a script the places as the hub lists them, in whatever order they answered', async () => {
    await run(['--format', 'json']);
    expect(JSON.parse(output).places).toEqual([seen('doors'), seen('windows')]);
  });

  it.each([
    [['--control', 'roofs'], /nothing is held to "roofs"/],
    [['--format', 'xml'], /human or json/],
    [['doors'], /options only/],
  ])('is refused with %j', async (args, words) => {
    expect(await run(args)).toBe(2);
    expect(output).toMatch(words);
  });
});

const broken = (over: object) => (hub.answers['/plan/doors/222222222222/eu-west-1'] = seen('doors', over));
