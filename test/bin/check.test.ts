import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
afterAll(() => rmSync(folder, { recursive: true }));

const evenkeel = (...args: string[]) =>
  spawnSync('node', ['--import', 'tsx', 'bin/evenkeel.ts', ...args], { encoding: 'utf8' });

function file(name: string, text: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text, undefined, 2));
  return path;
}

const key = (properties: object) => ({ Resources: { Key: { Type: 'AWS::KMS::Key', Properties: properties } } });
const good = () => file('good.json', key({ EnableKeyRotation: true }));
const bad = () => file('bad.json', key({ EnableKeyRotation: false }));

describe('exit codes', () => {
  it('0: nothing is wrong', async () => {
    const { status, stdout } = await check(good());
    expect(stdout).toBe('0 violations, 0 known only at deployment, 1 compliant, in 1 template.\n');
    expect(status).toBe(0);
  });

  it('1: a violation, with line, resource, property and remedy', async () => {
    const { status, stdout } = await check(good(), bad());
    expect(stdout).toContain(`${folder}/bad.json\n  6:9  violation (medium)  Key: `);
    expect(stdout).toContain('Properties.EnableKeyRotation\n');
    expect(stdout).toContain('fix: set Properties.EnableKeyRotation to true (was false)');
    expect(status).toBe(1);
  });

  it('0 for what is known only at deployment, which is listed', async () => {
    const open = file(
      'open.yaml',
      'Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      EnableKeyRotation: !Ref R\n',
    );
    const { status, stdout } = await check(open);
    expect(stdout).toContain('  5:7  unknown  Key: Known only at deployment; checked live');
    expect(status).toBe(0);
  });

  it.each<[string, string, RegExp]>([
    ['broken.yaml', 'Resources:\n  Key: [1', / {2}2:10 {2}could not judge {2}it is neither JSON nor YAML/],
    ['broken.json', '{ "Resources": {\n "Key": } }', / {2}2:\d+ {2}could not judge/],
    ['tag.yaml', 'Resources:\n  Key: !Nope x\n', / {2}2:8 {2}could not judge .*!Nope/],
    [
      'quote.yaml',
      "Resources:\n  Key: '{\n  }'\n",
      / {2}2:\d+ {2}could not judge .*must be indented deeper than its key/,
    ],
    ['list.yaml', '- a\n', /it is no CloudFormation template: it has no "Resources"/],
    ['empty.yaml', '', /it is empty/],
    ['macro.yaml', 'Transform: Mine\nResources: {}\n', / {2}1:1 {2}could not judge {2}the macro "Mine" may rewrite/],
    ['loop.yaml', 'Resources:\n  Fn::ForEach::Keys: [a]\n', / {2}2:3 {2}could not judge .*has no Type/],
  ])('2: %s could not be judged, though the rest was', async (name, text, message) => {
    const { status, stdout } = await check(file(name, text), bad());
    expect(stdout).toMatch(message);
    expect(stdout).toContain('1 violation,');
    expect(status).toBe(2);
  });

  it('2: no such file, and a folder without templates', async () => {
    mkdirSync(join(folder, 'empty'));
    const { status, stdout } = await check(join(folder, 'none.json'), join(folder, 'empty'));
    expect(stdout).toContain('there is no such file');
    expect(stdout).toContain(`${folder}/empty\n  -  could not judge  there is no template in it`);
    expect(status).toBe(2);
  });

  it.each([
    [[], 'No template is named'],
    [['--nope'], "Unknown option '--nope'"],
  ])('2: wrong usage %j', async (args, message) => {
    const { status, stderr } = await check(...args);
    expect(stderr).toContain(message);
    expect(stderr).toContain('See evenkeel check --help.');
    expect(status).toBe(2);
  });

  it('0: help with an example', async () => {
    const { status, stdout } = await check('--help');
    expect(stdout).toContain('\n  evenkeel check cdk.out\n');
    expect(status).toBe(0);
  });
});

describe('the command line', { timeout: 60_000 }, () => {
  it('exits as its command says', () => {
    expect(evenkeel('check', bad())).toMatchObject({ status: 1, stdout: expect.stringContaining('1 violation,') });
  });

  it('helps, and does not guess', () => {
    expect(evenkeel('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('check') });
    expect(evenkeel()).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage: evenkeel <command>') });
    for (const name of ['chekc', 'constructor'])
      expect(evenkeel(name)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(`no command "evenkeel ${name}"`),
      });
  });
});
