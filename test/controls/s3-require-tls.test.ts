import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { locateBucketPolicy as locate } from '../../controls/s3/bucket-policy-template.ts';
import { s3RequireTls } from '../../controls/s3/s3-require-tls.ts';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import { referencingOf } from '../../lib/evaluate/template/references.ts';
import type { Clients, Json, Target, TemplateResources } from '../../lib/model/control.ts';

const target: Target = { account: '111122223333', region: 'eu-west-1', partition: 'aws', id: 'orders' };
const Arn = 'arn:aws:s3:::orders';

const word = fc.constantFrom(
  'Allow',
  'Deny',
  's3:GetObject',
  's3:*',
  '*',
  Arn,
  `${Arn}/*`,
  'DenyInsecureTransport',
  'é\u2028',
);
const statement = fc.dictionary(
  fc.constantFrom('Sid', 'Effect', 'Principal', 'Action', 'Resource', 'NotAction', 'Condition', '7'),
  fc.oneof(word, fc.array(word), fc.dictionary(word, fc.oneof(word, fc.boolean(), fc.integer()))),
);

/** Reads a bucket with this policy text, and returns the policy that a repair writes. */
async function repaired(policy: string): Promise<string | undefined> {
  const putBucketPolicy = vi.fn(async (_input: { readonly Policy: string }) => ({}));
  // Any other call is a defect and fails.
  const s3 = { getBucketPolicy: async () => ({ Policy: policy }), putBucketPolicy } as unknown as Clients<'s3'>['s3'];
  const before = await s3RequireTls.observe.read({ s3 }, target);
  if (!before || s3RequireTls.check(before, {}, new Date(0)) === 'compliant') return undefined;
  const desired = s3RequireTls.repair?.desired(before, {}, new Date(0)) ?? {};
  await s3RequireTls.repair?.write({ s3 }, target, desired, before);
  return putBucketPolicy.mock.calls[0]?.[0].Policy;
}

describe('the policy that a repair writes', () => {
  it('keeps every other statement unchanged and in its place', () =>
    fc.assert(
      fc.asyncProperty(fc.array(statement), fc.constantFrom(0, 2, '\t'), async (statements, spacing) => {
        const written = await repaired(
          JSON.stringify({ Id: 'x', Statement: statements, Version: '2012-10-17' }, null, spacing),
        );
        if (written === undefined) return;
        const others = statements.map((other) => JSON.stringify(other)).join(',');
        expect(written.startsWith(`{"Id":"x","Statement":[${others}`)).toBe(true);
        expect(JSON.parse(written).Statement).toHaveLength(statements.length + 1);
        expect(written.endsWith('],"Version":"2012-10-17"}')).toBe(true);
      }),
    ));

  it('is deleted by a rollback if the bucket had no policy', async () => {
    const deleteBucketPolicy = vi.fn(async () => ({}));
    const s3 = { deleteBucketPolicy } as unknown as Clients<'s3'>['s3'];
    await s3RequireTls.repair?.write({ s3 }, target, { Arn }, { Arn, PolicyDocument: {} });
    expect(deleteBucketPolicy).toHaveBeenCalledWith({ Bucket: 'orders', ExpectedBucketOwner: '111122223333' });
  });

  it('is not written above the size limit of S3', async () => {
    const Resource = Array.from({ length: 900 }, (_, index) => `${Arn}/prefix-${index}/*`);
    const full = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Principal: '*', Resource }] });
    await expect(repaired(full)).rejects.toThrow(/policy of bucket orders would have \d{5} bytes, but S3 allows 20480/);
  });

  it('is not written if the existing policy is not a JSON object', async () => {
    for (const text of ['', 'Version: 2012-10-17', '[]', 'null', '"{}"'].slice(1))
      await expect(repaired(text)).rejects.toThrow('The policy of bucket orders is not a JSON object');
  });
});

const bucket = (properties: { readonly [name: string]: Json } = {}) => ({
  Type: 'AWS::S3::Bucket',
  Properties: properties,
});
const policy = (Bucket: Json, ...Statement: Json[]) => ({
  Type: 'AWS::S3::BucketPolicy',
  Properties: { Bucket, PolicyDocument: { Statement } },
});
const itsArn = { 'Fn::GetAtt': ['It', 'Arn'] };
const itsObjects = { 'Fn::Join': ['', [itsArn, '/*']] };

const locateBucketPolicy = (id: string, resources: TemplateResources) =>
  locate(id, resources, referencingOf(id, { Resources: resources }, resources));

describe('the policy of a bucket in a template', () => {
  it('is found by a reference or by an equal name', () => {
    for (const [It, Bucket] of [
      [bucket(), { Ref: 'It' }],
      [bucket({ BucketName: 'orders' }), 'orders'],
      [bucket({ BucketName: { Ref: 'Name' } }), { Ref: 'Name' }],
    ] as const)
      expect(
        locateBucketPolicy('It', { It, Policy: policy(Bucket), Other: policy({ Ref: 'It2' }), It2: bucket() }),
      ).toMatchObject({ state: { PolicyDocument: { Statement: [] } }, at: 'Policy' });
  });

  it('shows references to the bucket as text, and restores the intrinsic functions', () => {
    const Resource = [
      itsArn,
      itsObjects,
      { 'Fn::Sub': `\${It.Arn}/reports/*` },
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', { Ref: 'It' }]] },
      { Ref: 'Parameter' },
      { 'Fn::Sub': `\${It.Arn}/\${Parameter}` },
      `arn:aws:s3:::orders/\${aws:username}`,
    ];
    const Policy = policy({ Ref: 'It' }, { Effect: 'Allow', Resource }, { Resource: itsArn });
    const { state, restore } = locateBucketPolicy('It', { It: bucket(), Policy });
    expect(state).toEqual({
      Arn: `\${It.Arn}`,
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Resource: [
              `\${It.Arn}`,
              `\${It.Arn}/*`,
              `\${It.Arn}/reports/*`,
              `arn:\${AWS::Partition}:s3:::\${It}`,
              ...Resource.slice(4),
            ],
          },
          { Resource: `\${It.Arn}` },
        ],
      },
    });
    expect(restore?.(state).PolicyDocument).toEqual(Policy.Properties.PolicyDocument);
  });

  it('is distinguished from the policy of another bucket whose name has the same parameters', () => {
    const named = (infix: string) => ({ 'Fn::Sub': `\${App}${infix}-\${AWS::Region}` });
    const resources = {
      It: bucket({ BucketName: named('') }),
      Logs: bucket({ BucketName: named('-logs') }),
      Policy: policy(named('')),
      LogsPolicy: policy(named('-logs')),
    };
    expect(locateBucketPolicy('It', resources).at).toBe('Policy');
    expect(locateBucketPolicy('Logs', resources).at).toBe('LogsPolicy');
    // One name may end as the other begins.
    const ambiguous = {
      It: bucket({ BucketName: { 'Fn::Sub': `\${A}-x` } }),
      Policy: policy({ 'Fn::Sub': `x-\${A}` }),
    };
    expect(() => locateBucketPolicy('It', ambiguous)).toThrow('may belong to It, depending on a deploy-time value');
  });

  it('may repeat the expression of the bucket name', () => {
    const name = `\${App}-\${AWS::Region}`;
    const arn = (text: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:s3:::${text}` });
    const Policy = policy({ 'Fn::Sub': name }, { Resource: [arn(name), arn(`${name}/*`), arn(`${name}-2`)] });
    const { state, restore } = locateBucketPolicy('It', { It: bucket({ BucketName: { 'Fn::Sub': name } }), Policy });
    expect(state.PolicyDocument).toEqual({
      Statement: [{ Resource: [`\${It.Arn}`, `\${It.Arn}/*`, arn(`${name}-2`)] }],
    });
    expect(restore?.(state).PolicyDocument).toEqual(Policy.Properties.PolicyDocument);
  });

  it('may not exist, and then has no place for a fix', () => {
    const resources = {
      It: bucket({ BucketName: 'orders' }),
      Other: policy('invoices'),
      It2: bucket(),
      More: policy({ Ref: 'It2' }),
    };
    expect(locateBucketPolicy('It', resources).at).toBeUndefined();
    expect(locateBucketPolicy('It', resources).state).toEqual({ Arn: `\${It.Arn}` });
    expect(locateBucketPolicy('It', { It: bucket(), Other: policy({ Ref: 'Parameter' }) }).at).toBeUndefined();
  });

  it('is unknown if a policy may belong to the bucket', () => {
    const resources = { It: bucket({ BucketName: 'orders' }), Other: policy({ Ref: 'Parameter' }) };
    expect(() => locateBucketPolicy('It', resources)).toThrow('may belong to It, depending on a deploy-time value');
    const later = { It: bucket({ BucketName: '{{resolve:ssm:name}}' }), Other: policy('orders') };
    expect(() => locateBucketPolicy('It', later)).toThrow('may belong to It, depending on a deploy-time value');
    const twice = { It: bucket(), One: policy({ Ref: 'It' }), Two: policy({ Ref: 'It' }) };
    expect(() => locateBucketPolicy('It', twice)).toThrow('It has 2 bucket policies');
  });
});

describe('the verdict on a bucket in a template', () => {
  const denial = (Resource: Json, Condition: Json = { Bool: { 'aws:SecureTransport': 'false' } }) =>
    policy({ Ref: 'It' }, { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource, Condition });
  const cases: [string, string, TemplateResources][] = [
    ['no policy', 'violation', {}],
    ['bucket and objects denied', 'compliant', { Policy: denial([itsArn, itsObjects]) }],
    ['objects denied', 'violation', { Policy: denial(itsObjects) }],
    ['unresolved resources', 'unknown', { Policy: denial([{ Ref: 'One' }, { Ref: 'Two' }]) }],
    ['an unresolved condition', 'unknown', { Policy: denial([itsArn, itsObjects], { Ref: 'Condition' }) }],
    [
      'an unresolved document',
      'unknown',
      {
        Policy: {
          Type: 'AWS::S3::BucketPolicy',
          Properties: { Bucket: { Ref: 'It' }, PolicyDocument: { Ref: 'Document' } },
        },
      },
    ],
  ];
  it('has a remedy that CloudFormation accepts', () => {
    const { findings } = evaluate([s3RequireTls], { Resources: { It: bucket(), Policy: denial(itsObjects) } });
    expect(findings[0]).toMatchObject({ at: 'Policy', property: 'Properties.PolicyDocument.Statement.-' });
    expect(findings[0]?.remedy.join()).toContain(`"Resource":${JSON.stringify([itsArn, itsObjects])}`);
  });

  it.each(cases)('%s: %s', (_name, expected, others) => {
    const { findings, compliant } = evaluate([s3RequireTls], { Resources: { It: bucket(), ...others } });
    expect(findings[0]?.verdict ?? (compliant > 0 ? 'compliant' : 'none')).toBe(expected);
  });
});
