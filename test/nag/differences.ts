import type { Verdict } from './compare.ts';
import type { Features } from './corpus/case.ts';

/** The reason for different verdicts on some cases. The first entry that matches a case explains it. */
export interface Difference {
  /** Rules of cdk-nag. Default: all. */
  readonly rules?: readonly string[];
  readonly ours: readonly Verdict[];
  readonly nag: readonly Verdict[];
  readonly reason: string;
  /** Limits the entry to cases with these features. Default: all cases of its rules and verdicts. */
  when?(features: Features): boolean;
}

const INGRESS = ['EC2RestrictedSSH', 'EC2RestrictedCommonPorts'];
const has = (features: Features, ...values: readonly string[]) =>
  Object.values(features).some((value) => values.includes(value));

/** All differences between the verdicts, with their reasons; the source of `docs/cdk-nag.md`. */
export const differences: readonly Difference[] = [
  {
    ours: ['compliant', 'violation'],
    nag: ['violation', 'compliant'],
    reason:
      'cdk-nag reads the properties that a construct was created with. Evenkeel reads the template that is deployed, with overrides and with resources that have no class in CDK.',
    when: (features) => features['written by'] !== undefined,
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['violation'],
    nag: ['unknown'],
    reason:
      'cdk-nag fails on a statement without `Principal`, which may have `NotPrincipal`. A deny statement with an excluded principal does not refuse every request without TLS.',
    when: ({ principal }) => principal === 'everyone but one, by NotPrincipal',
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['compliant', 'violation'],
    nag: ['unknown'],
    reason: 'cdk-nag fails on a `Statement` that is not a list; IAM also accepts a single statement.',
    when: ({ statements }) => statements === 'one, no list',
  },
  {
    ours: ['compliant', 'violation'],
    nag: ['unknown'],
    reason:
      'cdk-nag fails on any value that is not a literal. Evenkeel reads `AWS::NoValue` as an absent property, and evaluates both branches of a condition and every allowed value of a parameter. It also gives a verdict if an unresolved value cannot change it.',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['violation'],
    nag: ['compliant'],
    reason:
      'The options of an instance override those of its launch template. cdk-nag reads the launch template and ignores the instance.',
    when: ({ own }) => own === 'optional',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['compliant'],
    nag: ['violation'],
    reason: 'Without a metadata endpoint, IMDSv1 is not available. cdk-nag reads only the tokens.',
    when: ({ own, template }) => own === 'endpoint off' || template === 'endpoint off',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['compliant'],
    nag: ['violation'],
    reason: 'Both branches of the condition require tokens. cdk-nag accepts only the literal value.',
    when: ({ own = '' }) => own.startsWith('tokens by a condition') || own.startsWith('a condition'),
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['unknown'],
    nag: ['compliant', 'violation'],
    reason:
      'A parameter or a condition decides whether tokens are required. cdk-nag reads both as "not required", and reads only the launch template if there is one.',
    when: ({ own, template }) =>
      own === 'tokens are a parameter' || own?.startsWith('a condition') || template === 'a parameter',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['unknown'],
    nag: ['compliant', 'violation'],
    reason:
      'The instance may start with another version of the launch template than the one in this CloudFormation template: a fixed number, or the default version, which CloudFormation does not change when it creates a new version. cdk-nag ignores the version.',
    when: ({ version }) => version === 'number 3' || version === 'default',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['unknown'],
    nag: ['violation'],
    reason: 'The launch template is not in this CloudFormation template, and may require tokens.',
    when: ({ template }) => template === 'elsewhere',
  },
  {
    rules: INGRESS,
    ours: ['violation'],
    nag: ['compliant'],
    reason:
      'Ranges other than `/0` also open a port to the internet, for example half of all IPv4 addresses or all routed IPv6 addresses.',
    when: ({ source }) => source === 'half of IPv4' || source === 'all routed IPv6',
  },
  {
    rules: INGRESS,
    ours: ['violation'],
    nag: ['compliant'],
    reason: 'Evenkeel reads a rule without ports as a rule for all ports; cdk-nag reads it as a rule for no port.',
    when: ({ ports }) => ports === 'none named',
  },
  {
    rules: INGRESS,
    ours: ['compliant'],
    nag: ['violation'],
    reason: 'ICMP has types and codes instead of ports, so these numbers open no port. cdk-nag ignores the protocol.',
    when: ({ protocol }) => protocol === 'icmp',
  },
  {
    rules: ['EC2RestrictedCommonPorts'],
    ours: ['compliant'],
    nag: ['violation'],
    reason:
      'The rule allows all protocols only from one network or another security group, and not from the internet. cdk-nag rejects protocol -1 from any source.',
    when: ({ protocol, source }) => protocol === 'all' && (source === 'one network' || source === 'another group'),
  },
  {
    rules: ['EC2RestrictedCommonPorts'],
    ours: ['violation'],
    nag: ['compliant'],
    reason:
      'Traffic from the internet can use IPv6 and UDP, and protocol 6 is TCP. This rule of cdk-nag covers only IPv4 and the name tcp.',
    when: ({ protocol, source }) =>
      protocol === 'udp' || protocol === 'tcp as its number' || source?.startsWith('any IPv6') === true,
  },
  {
    rules: INGRESS,
    ours: ['unknown'],
    nag: ['compliant', 'violation'],
    reason: 'The content of a prefix list outside the template is known only at deployment.',
    when: ({ source }) => source === 'a prefix list elsewhere',
  },
  {
    rules: ['KMSBackingKeyRotationEnabled'],
    ours: ['compliant'],
    nag: ['violation'],
    reason:
      'AWS cannot rotate imported key material, and refuses `EnableKeyRotation` for it. cdk-nag ignores the origin.',
    when: ({ Origin }) => Origin === 'EXTERNAL',
  },
  {
    rules: ['KMSBackingKeyRotationEnabled'],
    ours: ['unknown'],
    nag: ['violation', 'compliant'],
    reason:
      'The spec or the origin of the key is a parameter, and some keys cannot be rotated. cdk-nag reads an unresolved spec as one that cannot be rotated.',
    when: ({ KeySpec, Origin }) => KeySpec === 'a parameter' || Origin === 'a parameter',
  },
  {
    rules: ['RDSStorageEncrypted'],
    ours: ['compliant', 'unknown'],
    nag: ['compliant', 'violation'],
    reason:
      'A member of a cluster uses the storage of the cluster, and a replica has the encryption of its source. Evenkeel reads both if they are in the template. cdk-nag reads only the instance.',
    when: (features) =>
      has(features, 'a cluster', 'a cluster of the template', 'another instance', 'another one of the template'),
  },
  {
    rules: ['RDSStorageEncrypted'],
    ours: ['unknown'],
    nag: ['compliant', 'violation'],
    reason: 'An instance from a snapshot is encrypted if the snapshot is encrypted, or if the instance sets it.',
    when: (features) => has(features, 'a snapshot'),
  },
  {
    rules: ['RDSStorageEncrypted'],
    ours: ['violation'],
    nag: ['compliant'],
    reason: 'cdk-nag skips every Aurora instance, because its cluster decides. This instance names no cluster.',
    when: ({ Engine }) => Engine === 'aurora-mysql',
  },
  {
    rules: ['S3BucketLevelPublicAccessProhibited'],
    ours: ['violation'],
    nag: ['compliant'],
    reason:
      'cdk-nag relies on S3, which blocks public access for new buckets since April 2023. S3 does not block it for an older bucket, and CloudFormation removes the block when it is removed from a template. Evenkeel therefore requires the block in the template.',
    when: (features) => features['the whole block'] === 'absent',
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['unknown'],
    nag: ['compliant'],
    reason:
      'A bucket can have only one policy. With two, the deployment fails or one policy replaces the other. cdk-nag accepts any of them.',
    when: ({ policy }) => policy?.startsWith('two') === true,
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['unknown'],
    nag: ['violation'],
    reason:
      'The bucket of the policy, its effect, or the existence of a statement depends on a parameter or a condition. cdk-nag reads it as missing.',
    when: (features) => has(features, 'a parameter', 'by a condition, or nothing'),
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['violation'],
    nag: ['compliant'],
    reason: 'With a second condition, the statement refuses only some requests without TLS.',
    when: ({ condition }) => condition?.startsWith('not secure and') === true,
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['compliant'],
    nag: ['violation'],
    reason:
      'IAM reads these conditions like the usual one: a list of one value, a key in another case, `BoolIfExists`.',
    when: ({ condition }) =>
      has(
        { condition: condition ?? '' },
        'not secure, as a list',
        'not secure, key in small letters',
        'not secure, BoolIfExists',
      ),
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['compliant'],
    nag: ['violation'],
    reason:
      'The statement covers the bucket and its objects in another way: `*`, one pattern for both, or an ARN that must be this bucket, because S3 refuses a policy that names another bucket.',
    when: ({ resource }) =>
      has(
        { resource: resource ?? '' },
        '*',
        'a list with *',
        'one pattern for both',
        'a list of one pattern for both',
        'another bucket',
      ),
  },
  {
    rules: ['SQSQueueSSE'],
    ours: ['violation', 'unknown'],
    nag: ['compliant'],
    reason:
      'cdk-nag reports a queue only if `SqsManagedSseEnabled` is the literal `false` and `KmsMasterKeyId` is absent. A queue can also be unencrypted with an empty key, with `AWS::NoValue`, or with a condition or parameter in either property.',
  },
];
