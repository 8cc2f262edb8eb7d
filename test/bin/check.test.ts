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
  it('0: no violation', async () => {
    const { status, stdout } = await check(good());
    expect(stdout).toBe('0 violations, 0 unknown, 1 compliant in 1 template.\n');
    expect(status).toBe(0);
  });

  it('1: a violation, with line, resource, property and fix', async () => {
    const { status, stdout } = await check(good(), bad());
    expect(stdout).toContain(`${folder}/bad.json\n  6:9  violation (medium)  Key: `);
    expect(stdout).toContain('Properties.EnableKeyRotation\n');
    expect(stdout).toContain('fix: set Properties.EnableKeyRotation to true (was false)');
    expect(status).toBe(1);
  });

  it('0: an unknown verdict, which is listed', async () => {
    const open = file(
      'open.yaml',
      'Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      EnableKeyRotation: !Ref R\n',
    );
    const { status, stdout } = await check(open);
    expect(stdout).toContain('  5:7  unknown  Key: ');
    expect(status).toBe(0);
  });

  it.each<[string, string, RegExp]>([
    ['broken.yaml', 'Resources:\n  Key: [1', / {2}2:10 {2}error {2}not valid JSON or YAML/],
    ['broken.json', '{ "Resources": {\n "Key": } }', / {2}2:\d+ {2}error/],
    ['tag.yaml', 'Resources:\n  Key: !Nope x\n', / {2}2:8 {2}error .*!Nope/],
    ['quote.yaml', "Resources:\n  Key: '{\n  }'\n", / {2}2:\d+ {2}error .*deeper than its key/],
    ['list.yaml', '- a\n', /not a CloudFormation template: it has no "Resources"/],
    ['empty.yaml', '', /the file is empty/],
    ['macro.yaml', 'Transform: Mine\nResources: {}\n', / {2}1:1 {2}error .*"Mine"/],
    ['loop.yaml', 'Resources:\n  Fn::ForEach::Keys: [a]\n', / {2}2:3 {2}error .*has no Type/],
  ])('2: %s is an error, and other files are evaluated', async (name, text, message) => {
    const { status, stdout } = await check(file(name, text), bad());
    expect(stdout).toMatch(message);
    expect(stdout).toContain('1 violation,');
    expect(status).toBe(2);
  });

  it('2: a missing file, and a folder without templates', async () => {
    mkdirSync(join(folder, 'empty'));
    const { status, stdout } = await check(join(folder, 'none.json'), join(folder, 'empty'));
    expect(stdout).toContain('no such file');
    expect(stdout).toContain(`${folder}/empty\n  -  error  no template found`);
    expect(status).toBe(2);
  });

  it.each([
    [[], 'missing argument <path>'],
    [['--nope'], "Unknown option '--nope'"],
  ])('2: invalid arguments %j', async (args, message) => {
    const { status, stderr } = await check(...args);
    expect(stderr).toContain(message);
    expect(stderr).toContain('Run "evenkeel check --help" for help.');
    expect(status).toBe(2);
  });

  it('0: help with an example', async () => {
    const { status, stdout } = await check('--help');
    expect(stdout).toContain('\n  evenkeel check cdk.out\n');
    expect(status).toBe(0);
  });
});

describe('the command line', { timeout: 60_000 }, () => {
  it('exits with the exit code of the subcommand', () => {
    expect(evenkeel('check', bad())).toMatchObject({ status: 1, stdout: expect.stringContaining('1 violation,') });
  });

  it('prints help, and rejects an unknown subcommand', () => {
    expect(evenkeel('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('check') });
    expect(evenkeel()).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage: evenkeel <subcommand>') });
    for (const name of ['chekc', 'constructor'])
      expect(evenkeel(name)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(`unknown subcommand "${name}"`),
      });
  });
});
