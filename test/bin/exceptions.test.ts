import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { check, key, workplace } from './command.ts';

const { folder, file, remove } = workplace();
afterAll(remove);
afterEach(() => vi.restoreAllMocks());

const entry = (id: string, scope: object, expires = '2999-01-01') => ({
  ...{ id, control: 'kms-key-rotation', template: scope, owner: 'shop', approver: 'security', expires },
  ...{ reason: 'It is deleted in spring', ticket: 'SEC-1' },
});
const published = (name: string, ...exceptions: object[]) =>
  file(name, { schema: 'evenkeel.exceptions/v1', commit: 'c', exceptions });
const shop = file('shop.template.json', {
  Resources: { Old: { ...key(), Metadata: { 'aws:cdk:path': 'Shop/Old/Resource' } }, New: key() },
});

const exempt = async (...args: string[]) => {
  const { stdout, stderr, status } = await check(...args, shop);
  const ids = [...stdout.matchAll(/excepted \(medium\) {2}(\w+):/g)].map(([, id]) => id);
  return { ids, stdout, stderr, status };
};

describe('the register', () => {
  it.each<[string, object, string[]]>([
    ['a logical id', { stack: 'shop', resource: 'Old' }, ['Old']],
    ["a construct's path", { stack: 'shop', resource: 'Shop/Old' }, ['Old']],
    ['the whole stack', { stack: 'shop' }, ['Old', 'New']],
    ['another stack', { stack: 'other', resource: 'Old' }, []],
  ])('spares by %s', async (name, scope, ids) => {
    const { ids: found, status } = await exempt('--register', published(`${name}.json`, entry('one', scope)));
    expect(found).toEqual(ids);
    expect(status).toBe(ids.length === 2 ? 0 : 1);
  });

  it('spares nothing once an exception has expired, and says so', async () => {
    const register = published('expired.json', entry('late', { stack: 'shop', resource: 'Old' }, '2020-01-01'));
    const { ids, stdout, status } = await exempt('--register', register);
    expect(ids).toEqual([]);
    expect(stdout).toContain('Exception late expired on 2020-01-01');
    expect(status).toBe(1);
  });

  it('tells what is unused in a stack that was judged', async () => {
    const register = published('unused.json', entry('gone', { stack: 'shop', resource: 'Gone' }));
    expect((await exempt('--register', register)).stdout).toContain('Exception gone spares nothing in the stack shop');
  });

  it('of a nested stack knows constructs alone, for logical ids may be its parent’s', async () => {
    const nested = {
      Type: 'AWS::CloudFormation::Stack',
      Metadata: { 'aws:asset:path': 'n.json', 'aws:asset:property': 'TemplateURL' },
    };
    const properties = { templateFile: 's.json', stackName: 'shop' };
    file('out/manifest.json', { version: '1', artifacts: { S: { type: 'aws:cloudformation:stack', properties } } });
    file('out/s.json', { Resources: { N: nested } });
    file('out/n.json', { Resources: { Old: { ...key(), Metadata: { 'aws:cdk:path': 'Shop/N/Old/Resource' } } } });
    const status = async (resource: string) =>
      (
        await check(
          '--register',
          published('nested.json', entry('n', { stack: 'shop', resource })),
          join(folder, 'out'),
        )
      ).status;
    expect(await status('Old')).toBe(1);
    expect(await status('Shop/N/Old')).toBe(0);
  });

  it('that cannot be used stops everything, with file, place and remedy', async () => {
    const register = file('bad.yaml', 'exceptions:\n  - id: x\n');
    const { stderr, stdout, status } = await exempt('--register', register);
    expect(stderr).toMatch(/bad\.yaml:2:5 .*control/);
    expect(stdout).toBe('');
    expect(status).toBe(2);
    expect((await exempt('--register', join(folder, 'none.json'))).stderr).toContain('there is no such file');
    expect((await exempt('--register', file('half.json', '{"schema": '))).status).toBe(2);
  });
});

describe('proposals', () => {
  it('waive nothing, and say how to get into the register', async () => {
    const proposals = file('proposed.yaml', { exceptions: [entry('one', { stack: 'shop', resource: 'Old' })] });
    const { ids, stdout, status } = await exempt('--proposals', proposals);
    expect(ids).toEqual([]);
    expect(stdout).toMatch(/Exception one is only proposed.*\n.*by a pull request/);
    expect(status).toBe(1);
  });
});

it('finds both where CDK apps have them', async () => {
  const app = join(folder, 'app');
  mkdirSync(app);
  published('app/.evenkeel/register.json', entry('one', { stack: 'shop', resource: 'Old' }));
  file('app/exceptions.yaml', { exceptions: [entry('two', { stack: 'shop', resource: 'New' })] });
  const before = process.cwd();
  process.chdir(app);
  try {
    const { ids, stdout } = await exempt();
    expect(ids).toEqual(['Old']);
    expect(stdout).toContain('Exception two is only proposed');
  } finally {
    process.chdir(before);
  }
});

it('a spared violation is not put right', async () => {
  const register = published('all.json', entry('one', { stack: 'shop' }));
  const { stdout, status } = await exempt('--diff', '--register', register);
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
