import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { XMLParser } from 'fast-xml-parser';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { check, key, workplace } from './command.ts';

const { folder, file, remove } = workplace();
afterAll(remove);

const schema = (name: string) => readFileSync(new URL(`schemas/${name}`, import.meta.url), 'utf8');
const NASTY = 'A"<&>|`*\u0007\n::error::, =';
const exception = {
  ...{ id: 'old-key', control: 'kms-key-rotation', template: { stack: 'shop', resource: 'Old' }, owner: 'shop' },
  ...{ reason: 'It is deleted in spring', ticket: 'SEC-1', approver: 'security', expires: '2999-12-31' },
};

let shop: string;
let broken: string;
let exceptions: string;
beforeAll(() => {
  shop = file('a b/shop.json', {
    Resources: {
      Bad: key(),
      [NASTY]: key(),
      Good: key(true),
      Old: { ...key(), Metadata: { 'aws:cdk:path': 'Shop/Old/Resource' } },
      Open: key({ Ref: 'R' }),
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: { SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] },
      },
    },
  });
  broken = file('broken.yaml', 'Resources:\n  A: [\n');
  exceptions = file('exceptions.json', { schema: 'evenkeel.exceptions/v1', commit: 'c', exceptions: [exception] });
});

const report = (format: string, ...more: string[]) =>
  check(
    '--format',
    format,
    '--exceptions',
    exceptions,
    '--control',
    'kms-key-rotation',
    '--control',
    'ec2-restrict-ingress',
    shop,
    broken,
    ...more,
  );

describe('every format', () => {
  it.each(['human', 'sarif', 'junit', 'json', 'markdown', 'github', 'csv'])(
    '%s has the same exit code',
    async (format) => {
      expect((await report(format)).status).toBe(2);
      expect((await check('--format', format, shop)).status).toBe(1);
    },
  );

  it('can go to a file, with a human report on standard output', async () => {
    const output = file('out.sarif', '');
    const { stdout, status } = await report('sarif', '--output', output);
    expect(JSON.parse(readFileSync(output, 'utf8')).version).toBe('2.1.0');
    expect(stdout).toContain('3 violations,');
    expect(status).toBe(2);
  });

  it('fails if the file cannot be written', async () => {
    const { status, stderr } = await report('json', '--output', folder);
    expect(stderr).toContain(`Cannot write ${folder}`);
    expect(status).toBe(2);
  });
});

describe('human', () => {
  it('shows place, verdict, resource, problem, control, fix and exception, and escapes control characters', async () => {
    const { stdout } = await report('human');
    expect(stdout).toMatch(/^ {2}6:9 {2}violation \(medium\) {2}Bad: The key is not .* {2}kms-key-rotation$/m);
    expect(stdout).toMatch(/^ {8}fix: set Properties.EnableKeyRotation to true \(was false\)$/m);
    expect(stdout).toMatch(
      /^ {2}\d+:\d+ {2}exempt \(medium\) {2}Old: .*\n.*\n {8}.*exception old-key, approved by security/m,
    );
    expect(stdout).toContain('A"<&>|`*\\u0007\\u000a::error');
    expect(stdout).toMatch(/\n3 violations, 1 unknown, 1 exempt, 1 compliant, 1 error in 2 files\.\n$/);
  });
});

describe('human, for a property of another resource', () => {
  const Bucket = { Type: 'AWS::S3::Bucket' };
  const text = async (Resources: object) =>
    (await check('--control', 's3-require-tls', file('tls.json', { Resources }))).stdout;

  it('names the resource that has the property', async () => {
    const Properties = { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement: [] } };
    expect(await text({ Bucket, Policy: { Type: 'AWS::S3::BucketPolicy', Properties } })).toMatch(
      /\n {8}Properties\.PolicyDocument\.Statement\.- of Policy\n {8}fix: in Policy:\n {13}add /,
    );
  });

  it('says that the template lacks the resource', async () => {
    expect(await text({ Bucket })).toContain('fix: in a new resource that belongs to Bucket:');
  });
});

describe('sarif', () => {
  const validator = (text: string) => {
    const { $schema: _draft, id: _id, ...rest } = JSON.parse(text); // draft 4, of which it uses what draft 7 has too
    const ajv = new Ajv({ strict: false, unicodeRegExp: false });
    formats.default(ajv);
    return ajv.compile(rest);
  };

  it('is valid, and the test would find an error', async () => {
    const validate = validator(schema('sarif-2.1.0.json'));
    const log = JSON.parse((await report('sarif')).stdout);
    validate(log);
    expect(validate.errors).toBeNull();
    log.runs[0].results[0].level = 'awful';
    expect(validate(log)).toBe(false);
  });

  it('has a result for each violation, with rule, place, fingerprint and suppression', async () => {
    const [run] = (JSON.parse((await report('sarif')).stdout) as Log).runs;
    const results = run?.results ?? [];
    expect(results.map(({ locations }) => locations?.[0]?.logicalLocations?.[0]?.name)).toEqual([
      'Bad',
      NASTY,
      'Old',
      'Group',
    ]);
    const [bad, , old, group] = results;
    expect(bad).toMatchObject({ ruleId: 'kms-key-rotation', level: 'warning', kind: 'fail' });
    expect(group).toMatchObject({ ruleId: 'ec2-restrict-ingress', level: 'error' });
    for (const { ruleId, ruleIndex = -1 } of results) expect(run?.tool.driver.rules?.[ruleIndex]?.id).toBe(ruleId);
    const { artifactLocation, region } = bad?.locations?.[0]?.physicalLocation ?? {};
    expect(artifactLocation?.uri).toMatch(/\/a%20b\/shop\.json$/);
    expect(region).toEqual({ startLine: 6, startColumn: 9 });
    expect(old?.suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: expect.stringContaining('old-key') },
    ]);
    expect(bad).not.toHaveProperty('suppressions');
    const prints = results.map(({ partialFingerprints }) => partialFingerprints?.['evenkeel/v1']);
    expect(new Set(prints).size).toBe(results.length);
  });

  it('keeps a fingerprint when lines move', async () => {
    const print = async (path: string) =>
      JSON.parse((await check('-f', 'sarif', path)).stdout).runs[0].results[0].partialFingerprints;
    const before = await print(file('x/moves.yaml', 'Resources:\n  A: { Type: AWS::KMS::Key }\n'));
    expect(await print(file('x/moves.yaml', '# more\n\nResources:\n  A: { Type: AWS::KMS::Key }\n'))).toEqual(before);
  });

  it('has notifications for unknown verdicts, errors and warnings', async () => {
    const [invocation] = (JSON.parse((await report('sarif')).stdout) as Log).runs[0]?.invocations ?? [];
    expect(invocation).toMatchObject({ executionSuccessful: false, exitCode: 2 });
    expect(invocation?.toolExecutionNotifications?.map(({ level, message }) => [level, message.text])).toEqual([
      ['note', expect.stringContaining('Open: ')],
      ['error', expect.stringMatching(/not valid JSON or YAML/)],
      ['warning', expect.stringContaining('Exception old-key applies until 2999-12-31')],
    ]);
  });

  it('truncates a message for GitLab, and keeps the whole fix', async () => {
    const open = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '0.0.0.0/0' };
    const group = { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: Array(30).fill(open) } };
    const { stdout } = await check('-f', 'sarif', file('long.json', { Resources: { Group: group } }));
    const [result] = (JSON.parse(stdout) as Log).runs[0]?.results ?? [];
    expect(result?.message.text).toMatch(/^Group: .*…$/s);
    expect(result?.message.text).toHaveLength(1024);
    expect(result?.properties?.remedy).toHaveLength(30);
  });

  it('gives a rule no more tags than GitHub and GitLab accept', async () => {
    for (const { properties } of (JSON.parse((await check('-f', 'sarif', shop)).stdout) as Log).runs[0]?.tool.driver
      .rules ?? []) {
      expect(properties?.tags?.length).toBeLessThanOrEqual(10);
      expect(Number(properties?.['security-severity'])).toBeGreaterThan(0);
    }
  });

  it('names files in the working directory by relative paths', async () => {
    const { runs } = JSON.parse((await check('-f', 'sarif', './test/../package.json')).stdout) as Log;
    expect(
      runs[0]?.invocations?.[0]?.toolExecutionNotifications?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation,
    ).toEqual({
      uri: 'package.json',
      uriBaseId: '%SRCROOT%',
    });
  });
});

describe('junit', () => {
  const validate = (xml: string) =>
    validateXML({ xml: [{ fileName: 'report.xml', contents: xml }], schema: [schema('junit-10.xsd')] });

  it('is valid, and the test would find an error', async () => {
    const { stdout } = await report('junit');
    expect((await validate(stdout)).errors).toEqual([]);
    expect((await validate(stdout.replaceAll('testcase', 'test-case'))).valid).toBe(false);
  });

  it('has a test case for each resource and control', async () => {
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '',
      isArray: (name) => /^test(suite|case)$/.test(name),
    });
    const { testsuites } = parser.parse((await report('junit')).stdout);
    expect(testsuites).toMatchObject({ tests: '8', failures: '3', errors: '1' });
    const cases = testsuites.testsuite[0].testcase.map((one: { name: string }) => [
      one.name.split(':')[0],
      ['failure', 'error', 'skipped'].find((outcome) => outcome in one) ?? 'passed',
    ]);
    expect(Object.fromEntries(cases)).toMatchObject({
      Bad: 'failure',
      Good: 'passed',
      Old: 'skipped',
      Open: 'skipped',
      Group: 'failure',
    });
    expect(testsuites.testsuite[1].testcase[0].error.message).toMatch(/not valid JSON or YAML/);
    expect(testsuites.testsuite[2].testcase).toMatchObject([
      { name: 'old-key: exception-broad', skipped: expect.stringContaining('applies until 2999-12-31') },
    ]);
  });
});

describe('json', () => {
  it('has all counts, findings and errors', async () => {
    const { files, summary, schema } = JSON.parse((await report('json')).stdout);
    expect(schema).toBe('evenkeel.check/v1');
    expect(summary).toMatchObject({ violations: 3, failing: 3, exempt: 1, unknown: 1, compliant: 1, notEvaluated: 1 });
    expect(files[0].findings[0]).toMatchObject({
      ...{ status: 'violation', control: 'kms-key-rotation', severity: 'medium', line: 6, column: 9, logicalId: 'Bad' },
      property: { of: 'Bad', path: 'Properties.EnableKeyRotation' },
      patch: [{ op: 'replace', path: '/EnableKeyRotation', value: true }],
    });
    expect(files[0].findings.find(({ logicalId }: { logicalId: string }) => logicalId === 'Old')).toMatchObject({
      status: 'exempt',
      constructPath: 'Shop/Old/Resource',
      exception,
    });
    expect(files[1].notEvaluated).toEqual([{ line: 3, column: 1, reason: expect.any(String) }]);
  });
});

describe('markdown', () => {
  it('is a table, and escapes the text of a template', async () => {
    const { stdout } = await report('markdown');
    const rows = stdout.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(2 * 2 + 6);
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(8);
    expect(stdout).toContain(
      '| 6:9 | violation (medium) | `Bad` | `kms-key-rotation` | The key is not rotated automatically. |',
    );
    expect(stdout).toContain('exception old-key until 2999-12-31');
  });
});

describe('github', () => {
  it('has a workflow command for each finding, the most severe first, and escapes line breaks', async () => {
    const lines = (await report('github')).stdout.trimEnd().split('\n');
    const commands = lines
      .slice(0, -1)
      .map((line) => /^::(\w+) file=[^:]*?,?(?:line=(\d+),col=(\d+),)?title=([^:]*)::(.*)$/.exec(line));
    expect(commands.map((command) => command?.[1])).toEqual([
      'error',
      'error',
      'warning',
      'warning',
      'warning',
      'notice',
      'notice',
    ]);
    expect(commands[0]?.[4]).toBe('ec2-restrict-ingress%3A violation (high)');
    expect(commands.find((command) => command?.[5]?.startsWith('Bad:'))?.slice(2, 4)).toEqual(['6', '9']);
    expect(lines.at(-1)).toMatch(/^3 violations/);
  });
});

describe('csv', () => {
  const parse = (text: string) =>
    text
      .trimEnd()
      .split('\r\n')
      .map((line) =>
        [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)]
          .slice(0, 18)
          .map(([, cell = '']) => (cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)),
      );

  it('has a line for each resource, control and requirement', async () => {
    const [head, ...rows] = parse((await report('csv', '--framework', 'cis-v3', '--framework', 'pci-dss-v4')).stdout);
    expect(head?.slice(0, 4)).toEqual(['status', 'framework', 'requirement', 'control']);
    const of = (resource: string) => rows.filter((row) => row[9] === resource).map((row) => row.slice(0, 4).join(' '));
    const requirements = ['cis-v3 3.6', 'pci-dss-v4 3.7.4', 'pci-dss-v4 3.7.5'];
    const each = (status: string) => requirements.map((requirement) => `${status} ${requirement} kms-key-rotation`);
    expect(of('Bad')).toEqual(each('violation'));
    expect(of('Good')).toEqual(each('compliant'));
    expect(of('Open')).toEqual(each('unknown'));
    expect(of('Old')).toEqual(each('exempt'));
    expect(rows.find((row) => row[9] === 'Old')?.slice(11)).toEqual([
      ...[
        'Shop/Old/Resource',
        'The key is not rotated automatically.',
        'old-key',
        'shop',
        'security',
        'SEC-1',
        '2999-12-31',
      ],
    ]);
    expect(rows.find((row) => row[6] === broken)).toMatchObject({
      0: 'unknown',
      12: expect.stringContaining('Could not be evaluated'),
    });
  });

  it.each(['=1+1', '+1', '-1', '@x', '\t=1'])('escapes the formula %j', async (name) => {
    const { stdout } = await check('-f', 'csv', file('formula.json', { Resources: { [name]: key() } }));
    expect(stdout).toContain(`,'${name.replace('\t', ' ')},`);
    expect(stdout).not.toContain(`,${name},`);
  });
});
