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
  it('is sorted by id, and names each once', () => {
    const ids = controls.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  for (const file of files.filter((name) => name.includes('/')))
    it(`is complete, and files are named by id: ${file}`, async () => {
      for (const [name, exported] of Object.entries<unknown>(await import(new URL(file, folder).pathname)))
        if (isControl(exported)) {
          expect(exported.id, 'a control has the id that its file is named by').toBe(basename(file, '.ts'));
          const line = `add \`import { ${name} } from './${file}';\` to controls/index.ts, and ${name} to its list`;
          expect(list.has(exported), line).toBe(true);
        }
    });
});

describe('what a control says of itself', () => {
  for (const [law, complaints] of Object.entries(metadataLaws))
    it.each(controls.map((control) => [control.id, control] as const))(`${law}: %s`, async (_id, control) => {
      expect(await complaints(control)).toEqual([]);
    });
});

describe('the imports of controls', () => {
  it.each(files)('load no library at run time: %s', (file) => {
    expect(librariesLoaded(readFileSync(new URL(file, folder), 'utf8'), file)).toEqual([]);
  });

  it('are seen in whatever form they come', () => {
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
  'IAM actions exist, and read or write as they are used': [
    { observe: observing('ec2:DescribeInstance', 'iam:listUsers', 'ec2:RunInstances') },
    /no action ec2:DescribeInstance\..*spells it ListUsers.*RunInstances writes/s,
  ],
  'IAM actions belong to the services of the type': [
    { services: ['s3'], observe: observing('ec2:DescribeInstances') },
    /ec2:DescribeInstances belongs to no service/,
  ],
  'sessions can be cut down to `arn`': [
    { arn: 'arn:{partition}:sqs:{region}:{account}:{id}', repair: repairing('s3:PutBucketPolicy') },
    /PutBucketPolicy cannot be cut down.*needs a bucket too/s,
  ],
  '`normalizeId` finds the id in the ARN and leaves the id alone': [
    { arn: 'arn:{partition}:s3:::{id}', normalizeId: (spelling) => spelling.replace('arn:aws:s3:::', '') },
    /normalizeId makes arn:aws-cn:s3:::name-1/,
  ],
  'the CloudFormation type exists, with the properties that `template` names': [
    { templateType: 'AWS::S3::Bucket', template: ['BucketName', 'BucketNickname'] },
    /has no property BucketNickname/,
  ],
  'a property that a template may leave out says what AWS makes of that, and where AWS says so': [
    {
      template: ['One', 'Other'],
      explicit: [],
      properties: { One: { kind: 'boolean', absent: { value: true, source: 'hearsay' } }, Other: { kind: 'text' } },
      check: () => ({ violation: 'No.' }),
    },
    /One: name AWS's page.*Other: add absent/s,
  ],
  'the managed rule exists': [{ detect: { by: 'managed-rule', identifier: 'S3_BUCKET_IS_NICE' } }, /S3_BUCKET_IS_NICE/],
  'triggers are writing calls by the name that CloudTrail records': [
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
  'requirement ids are as their framework writes them, each once': [
    { frameworks: { 'nist-csf-2.0': ['PR.DS-1'], fsbp: ['S3.8', 'S3.8'] } },
    /fsbp: a requirement is named twice.*nist-csf-2.0 has no requirement PR.DS-1/s,
  ],
  'every CSF subcategory stands on a requirement of SP 800-53 by which NIST refers to it': [
    { frameworks: { 'nist-csf-2.0': ['PR.DS-02', 'GV.OC-01'], 'nist-800-53-r5': ['AC-2(1)'] } },
    /Nothing of SP 800-53 here leads to PR.DS-02.*informative references of GV.OC-01/s,
  ],
  'who is interrupted is told in a sentence, and at least a week before': [
    { repair: { ...repairing(), risk: 'high', gracePeriod: { days: 1, because: 'somebody' } } as Control['repair'] }, // spreading what may be absent
    /7 days or more.*somebody/,
  ],
  'titles and reasons read as such': [
    { title: 'Titles end here.', rationale: 'because' },
    /heading.*sentence: because/s,
  ],
};

describe('the laws of metadata', () => {
  for (const [law, complaints] of Object.entries(metadataLaws))
    it(`catch a control that breaks one: ${law}`, async () => {
      // The keys of `wrong` are those of `metadataLaws`, which Object.entries forgets.
      const [change, complaint] = wrong[law as keyof typeof wrong];
      // A sound control with one thing changed; the union of the two forms of a control cannot see that it stays one.
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

// The table of services alone loads clients, each on demand.
function librariesLoaded(source: string, file: string): string[] {
  const statically = /^(?:import|export)\b(?!\s+type\b)(?:[^;'"]*from)?\s*['"]([^'"]+)['"]/gm;
  const onDemand = /\bimport\(\s*['"]([^'"]+)['"]/g;
  const found = [statically, ...(file === 'services.ts' ? [] : [onDemand])].flatMap((form) => [
    ...source.matchAll(form),
  ]);
  return found.map(([, name = '']) => name).filter((name) => /^(@aws-sdk|@smithy|aws-cdk-lib|constructs)\b/.test(name));
}
