import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { controls } from '../controls/index.ts';
import { ACCOUNT, type Control } from '../lib/model/control.ts';
import { metadataLaws } from './metadata-laws.ts';

const folder = new URL('../controls/', import.meta.url);
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const list = new Set<unknown>(controls);

describe('the list of controls', () => {
  it('is sorted by id without duplicates', () => {
    const ids = controls.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  for (const file of files.filter((name) => name.includes('/')))
    it(`has every control, in a file with the name of its id: ${file}`, async () => {
      for (const [name, exported] of Object.entries<unknown>(await import(new URL(file, folder).pathname)))
        if (isControl(exported)) {
          expect(exported.id, 'the id equals the file name').toBe(basename(file, '.ts'));
          const line = `add \`import { ${name} } from './${file}';\` to controls/index.ts, and ${name} to its list`;
          expect(list.has(exported), line).toBe(true);
        }
    });
});

describe('the metadata of controls', () => {
  for (const [law, complaints] of Object.entries(metadataLaws))
    it.each(controls.map((control) => [control.id, control] as const))(`${law}: %s`, async (_id, control) => {
      expect(await complaints(control)).toEqual([]);
    });
});

describe('the imports of controls', () => {
  it.each(files)('load no library at run time: %s', (file) => {
    expect(librariesLoaded(readFileSync(new URL(file, folder), 'utf8'), file)).toEqual([]);
  });

  it('are found in every form', () => {
    const forms = [
      "import type { Bucket } from '@aws-sdk/client-s3';",
      "import { S3 } from '@aws-sdk/client-s3';",
      "import {\n  Stack,\n  type App,\n} from 'aws-cdk-lib/core';",
      "export { Construct } from 'constructs';",
      "const load = () => import('@aws-sdk/client-kms');",
      "import 'aws-cdk-lib';",
      "import { defineControl } from '../lib/model/control.ts';",
    ];
    expect(librariesLoaded(forms.join('\n'), 's3/example.ts')).toEqual([
      '@aws-sdk/client-s3',
      'aws-cdk-lib/core',
      'constructs',
      'aws-cdk-lib',
      '@aws-sdk/client-kms',
    ]);
  });
});

const [sample] = controls.filter(({ resource, repair }) => resource !== ACCOUNT && repair);
const wrong: { readonly [Law in keyof typeof metadataLaws]: readonly [Partial<Control>, RegExp] } = {
  'IAM actions exist, and read or write according to their use': [
    { observe: observing('ec2:DescribeInstance', 'iam:listUsers', 'ec2:RunInstances') },
    /no action ec2:DescribeInstance\..*spells listUsers as ListUsers.*RunInstances writes/s,
  ],
  'IAM actions belong to the services of the type': [
    { services: ['s3'], observe: observing('ec2:DescribeInstances') },
    /ec2:DescribeInstances belongs to no service/,
  ],
  'sessions can be restricted to `arn`': [
    { arn: 'arn:{partition}:sqs:{region}:{account}:{id}', repair: repairing('s3:PutBucketPolicy') },
    /PutBucketPolicy cannot be restricted.*also needs a bucket/s,
  ],
  '`normalizeId` extracts the id from an ARN and keeps an id': [
    { arn: 'arn:{partition}:s3:::{id}', normalizeId: (spelling) => spelling.replace('arn:aws:s3:::', '') },
    /normalizeId returns arn:aws-cn:s3:::name-1/,
  ],
  'the CloudFormation type exists, with the properties that `template` names': [
    { templateType: 'AWS::S3::Bucket', template: ['BucketName', 'BucketNickname'] },
    /has no property BucketNickname/,
  ],
  'an optional property has the default of AWS and its source': [
    {
      template: ['One', 'Other'],
      explicit: [],
      properties: { One: { kind: 'boolean', absent: { value: true, source: 'hearsay' } }, Other: { kind: 'text' } },
      check: () => ({ violation: 'No.' }),
    },
    /One: add the AWS documentation page.*Other: add absent/s,
  ],
  'the managed rule exists': [{ detect: { by: 'managed-rule', identifier: 'S3_BUCKET_IS_NICE' } }, /S3_BUCKET_IS_NICE/],
  'triggers are write events with the name that CloudTrail records': [
    {
      services: ['s3', 'ec2'],
      triggers: {
        's3:PutPublicAccessBlock': ['a'],
        's3:PutBucketNickname': ['a'],
        'ec2:DescribeInstances': ['a'],
        'kms:CreateKey': ['a'],
      },
    },
    /as PutBucketPublicAccessBlock.*no operation PutBucketNickname.*only reads.*kms:CreateKey belongs to no/s,
  ],
  'requirement ids have the format of their framework, each once': [
    { frameworks: { 'nist-csf-2.0': ['PR.DS-1'], fsbp: ['S3.8', 'S3.8'] } },
    /fsbp: a requirement is listed twice.*nist-csf-2.0 has no requirement PR.DS-1/s,
  ],
  'every CSF subcategory has a requirement of SP 800-53 that NIST lists as its reference': [
    { frameworks: { 'nist-csf-2.0': ['PR.DS-02', 'GV.OC-01'], 'nist-800-53-r5': ['AC-2(1)'] } },
    /a reference of PR.DS-02.*informative references of GV.OC-01/s,
  ],
  'a grace period is at least a week and has a sentence about the interruption': [
    {
      repair: { ...repairing(), risk: 'high', gracePeriod: { days: 1, because: 'interruption' } } as Control['repair'],
    }, // the spread of an optional repair
    /7 days or more.*interruption/,
  ],
  'titles are headings, and reasons are sentences': [
    { title: 'Titles end here.', rationale: 'because' },
    /heading.*Not a sentence: because/s,
  ],
};

describe('the laws of metadata', () => {
  for (const [law, complaints] of Object.entries(metadataLaws))
    it(`fail for a control that breaks one: ${law}`, async () => {
      // The keys of `wrong` are those of `metadataLaws`, which Object.entries forgets.
      const [change, complaint] = wrong[law as keyof typeof wrong];
      // A valid control with one change; the compiler cannot see that the union of both forms stays valid.
      expect((await complaints({ ...sample, ...change } as Control)).join('\n')).toMatch(complaint);
    });
});

function observing(...actions: Control['observe']['actions']): Control['observe'] {
  return { actions, async *list() {}, read: async () => undefined };
}

function repairing(...actions: NonNullable<Control['repair']>['actions']): Control['repair'] {
  return {
    actions,
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    desired: (state) => state,
    write: async () => undefined,
  };
}

function isControl(value: unknown): value is Control {
  return typeof value === 'object' && value !== null && 'check' in value && 'observe' in value;
}

// Only services.ts loads clients, each on demand.
function librariesLoaded(source: string, file: string): string[] {
  const statically = /^(?:import|export)\b(?!\s+type\b)(?:[^;'"]*from)?\s*['"]([^'"]+)['"]/gm;
  const onDemand = /\bimport\(\s*['"]([^'"]+)['"]/g;
  const found = [statically, ...(file === 'services.ts' ? [] : [onDemand])].flatMap((form) => [
    ...source.matchAll(form),
  ]);
  return found.map(([, name = '']) => name).filter((name) => /^(@aws-sdk|@smithy|aws-cdk-lib|constructs)\b/.test(name));
}
