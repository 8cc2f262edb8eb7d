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
  const ids = [...stdout.matchAll(/exempt \(medium\) {2}(\w+):/g)].map(([, id]) => id);
  return { ids, stdout, stderr, status };
};

describe('published exceptions', () => {
  it.each<[string, object, string[]]>([
    ['a logical id', { stack: 'shop', resource: 'Old' }, ['Old']],
    ["a construct's path", { stack: 'shop', resource: 'Shop/Old' }, ['Old']],
    ['the whole stack', { stack: 'shop' }, ['Old', 'New']],
    ['another stack', { stack: 'other', resource: 'Old' }, []],
  ])('exempt by %s', async (name, scope, ids) => {
    const { ids: found, status } = await exempt('--exceptions', published(`${name}.json`, entry('one', scope)));
    expect(found).toEqual(ids);
    expect(status).toBe(ids.length === 2 ? 0 : 1);
  });

  it('exempt nothing after they expire, with a warning', async () => {
    const exceptions = published('expired.json', entry('late', { stack: 'shop', resource: 'Old' }, '2020-01-01'));
    const { ids, stdout, status } = await exempt('--exceptions', exceptions);
    expect(ids).toEqual([]);
    expect(stdout).toContain('Exception late expired on 2020-01-01');
    expect(status).toBe(1);
  });

  it('cause a warning if they are unused in an evaluated stack', async () => {
    const exceptions = published('unused.json', entry('gone', { stack: 'shop', resource: 'Gone' }));
    expect((await exempt('--exceptions', exceptions)).stdout).toContain(
      'Exception gone exempts nothing in the stack shop',
    );
  });

  it('name only constructs in a nested stack, because logical ids can repeat those of the parent', async () => {
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
          '--exceptions',
          published('nested.json', entry('n', { stack: 'shop', resource })),
          join(folder, 'out'),
        )
      ).status;
    expect(await status('Old')).toBe(1);
    expect(await status('Shop/N/Old')).toBe(0);
  });

  it('that are invalid stop the run, with the place and the problem', async () => {
    const exceptions = file('bad.yaml', 'exceptions:\n  - id: x\n');
    const { stderr, stdout, status } = await exempt('--exceptions', exceptions);
    expect(stderr).toMatch(/bad\.yaml:2:5 .*control/);
    expect(stdout).toBe('');
    expect(status).toBe(2);
    expect((await exempt('--exceptions', join(folder, 'none.json'))).stderr).toContain('no such file');
    expect((await exempt('--exceptions', file('half.json', '{"schema": '))).status).toBe(2);
  });
});

describe('proposals', () => {
  it('exempt nothing, and cause a warning with the next step', async () => {
    const proposals = file('proposed.yaml', { exceptions: [entry('one', { stack: 'shop', resource: 'Old' })] });
    const { ids, stdout, status } = await exempt('--proposals', proposals);
    expect(ids).toEqual([]);
    expect(stdout).toMatch(/Exception one is only proposed.*\n.*in a pull request/);
    expect(status).toBe(1);
  });
});

it('reads both files from their default paths', async () => {
  const app = join(folder, 'app');
  mkdirSync(app);
  published('app/.evenkeel/exceptions.json', entry('one', { stack: 'shop', resource: 'Old' }));
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

it('an exempt violation is not fixed', async () => {
  const exceptions = published('all.json', entry('one', { stack: 'shop' }));
  const { stdout, status } = await exempt('--diff', '--exceptions', exceptions);
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
