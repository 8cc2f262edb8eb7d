import type { Word } from './compare.ts';
import type { Features } from './corpus/case.ts';

/** Why the two sides may differ on some cases of a pair; a case is explained by the first entry that fits it. */
export interface Difference {
  /** Rules of cdk-nag; all of them unless told. */
  readonly rules?: readonly string[];
  readonly ours: readonly Word[];
  readonly nag: readonly Word[];
  readonly reason: string;
  /** Which cases it is about; all of its rules and words unless told. */
  when?(features: Features): boolean;
}

const INGRESS = ['EC2RestrictedSSH', 'EC2RestrictedCommonPorts'];
const has = (features: Features, ...values: readonly string[]) =>
  Object.values(features).some((value) => values.includes(value));

/** Every way in which the verdicts differ, with the reason; `docs/cdk-nag.md` is made from it. */
export const differences: readonly Difference[] = [
  {
    ours: ['compliant', 'violation'],
    nag: ['violation', 'compliant'],
    reason:
      'cdk-nag reads the properties that a construct was made with. What is deployed is the template, with its overrides and with resources that no class of CDK stands behind; Evenkeel reads that.',
    when: (features) => features['written by'] !== undefined,
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['violation'],
    nag: ['unknown'],
    reason:
      'cdk-nag fails on a statement without `Principal`, which may have `NotPrincipal`. A denial that leaves somebody out does not refuse every plain request.',
    when: ({ principal }) => principal === 'everyone but one, by NotPrincipal',
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['compliant', 'violation'],
    nag: ['unknown'],
    reason: 'cdk-nag fails on a `Statement` that is no list; IAM takes a single statement as well.',
    when: ({ statements }) => statements === 'one, no list',
  },
  {
    ours: ['compliant', 'violation'],
    nag: ['unknown'],
    reason:
      'cdk-nag gives up on any value that is not plain. Evenkeel takes `AWS::NoValue` for an absent property, tries both branches of a condition and every allowed value of a parameter, and sees where what is left open cannot change the verdict: where another property has decided it, or where the open value makes no difference.',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['violation'],
    nag: ['compliant'],
    reason:
      "An instance's own options win over those of its launch template. cdk-nag looks at the template whatever the instance says.",
    when: ({ own }) => own === 'optional',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['compliant'],
    nag: ['violation'],
    reason: 'Without a metadata endpoint there is nothing that IMDSv1 could answer; cdk-nag looks at the tokens alone.',
    when: ({ own, template }) => own === 'endpoint off' || template === 'endpoint off',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['compliant'],
    nag: ['violation'],
    reason: 'The tokens are required whichever way the condition turns out; cdk-nag compares with the plain word only.',
    when: ({ own = '' }) => own.startsWith('tokens by a condition') || own.startsWith('a condition'),
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['unknown'],
    nag: ['compliant', 'violation'],
    reason:
      'A parameter or a condition decides about the tokens. cdk-nag takes both for "not required", and goes by the launch template alone where there is one.',
    when: ({ own, template }) =>
      own === 'tokens are a parameter' || own?.startsWith('a condition') || template === 'a parameter',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['unknown'],
    nag: ['compliant', 'violation'],
    reason:
      'The instance starts with a version of the launch template that need not be the one in this CloudFormation template: a fixed number, or the default version, which CloudFormation leaves where it was when it writes a new one. cdk-nag does not look at the version.',
    when: ({ version }) => version === 'number 3' || version === 'default',
  },
  {
    rules: ['EC2IMDSv2Enabled'],
    ours: ['unknown'],
    nag: ['violation'],
    reason: 'The launch template stands elsewhere and may require tokens.',
    when: ({ template }) => template === 'elsewhere',
  },
  {
    rules: INGRESS,
    ours: ['violation'],
    nag: ['compliant'],
    reason:
      'The world can be spelt in other ways than `/0`: half of all addresses, or all IPv6 addresses that are routed, let in just as much.',
    when: ({ source }) => source === 'half of IPv4' || source === 'all routed IPv6',
  },
  {
    rules: INGRESS,
    ours: ['violation'],
    nag: ['compliant'],
    reason: 'A rule that names no ports is taken for all of them, so as not to miss any; cdk-nag takes it for none.',
    when: ({ ports }) => ports === 'none named',
  },
  {
    rules: INGRESS,
    ours: ['compliant'],
    nag: ['violation'],
    reason:
      'ICMP has types and codes where TCP has ports; a number there opens no port. cdk-nag does not look at the protocol.',
    when: ({ protocol }) => protocol === 'icmp',
  },
  {
    rules: ['EC2RestrictedCommonPorts'],
    ours: ['compliant'],
    nag: ['violation'],
    reason:
      'All protocols, but from one network or another security group: that is not the world. cdk-nag refuses protocol -1 whatever the source.',
    when: ({ protocol, source }) => protocol === 'all' && (source === 'one network' || source === 'another group'),
  },
  {
    rules: ['EC2RestrictedCommonPorts'],
    ours: ['violation'],
    nag: ['compliant'],
    reason:
      'The internet speaks IPv6 and UDP, and protocol 6 is TCP; this rule of cdk-nag knows IPv4 and the word tcp only.',
    when: ({ protocol, source }) =>
      protocol === 'udp' || protocol === 'tcp as its number' || source?.startsWith('any IPv6') === true,
  },
  {
    rules: INGRESS,
    ours: ['unknown'],
    nag: ['compliant', 'violation'],
    reason: 'What a prefix list outside of the template contains is known only at deployment.',
    when: ({ source }) => source === 'a prefix list elsewhere',
  },
  {
    rules: ['KMSBackingKeyRotationEnabled'],
    ours: ['compliant'],
    nag: ['violation'],
    reason:
      'AWS cannot rotate imported key material by itself: `EnableKeyRotation` would be refused. cdk-nag does not look at the origin.',
    when: ({ Origin }) => Origin === 'EXTERNAL',
  },
  {
    rules: ['KMSBackingKeyRotationEnabled'],
    ours: ['unknown'],
    nag: ['violation', 'compliant'],
    reason:
      'Kind or origin of the key is a parameter, and some kinds and origins cannot be rotated. cdk-nag takes an open kind for one that cannot.',
    when: ({ KeySpec, Origin }) => KeySpec === 'a parameter' || Origin === 'a parameter',
  },
  {
    rules: ['RDSStorageEncrypted'],
    ours: ['compliant', 'unknown'],
    nag: ['compliant', 'violation'],
    reason:
      'A member of a cluster shares the storage of the cluster, and a replica has the encryption of its source; both are known where those stand in the template and say so. cdk-nag looks at the instance itself.',
    when: (features) =>
      has(features, 'a cluster', 'a cluster of the template', 'another instance', 'another one of the template'),
  },
  {
    rules: ['RDSStorageEncrypted'],
    ours: ['unknown'],
    nag: ['compliant', 'violation'],
    reason: 'An instance that is made of a snapshot is encrypted if the snapshot is, or else if it says so itself.',
    when: (features) => has(features, 'a snapshot'),
  },
  {
    rules: ['RDSStorageEncrypted'],
    ours: ['violation'],
    nag: ['compliant'],
    reason: 'cdk-nag leaves out every instance of Aurora, for its cluster decides. This one names no cluster.',
    when: ({ Engine }) => Engine === 'aurora-mysql',
  },
  {
    rules: ['S3BucketLevelPublicAccessProhibited'],
    ours: ['violation'],
    nag: ['compliant'],
    reason:
      'cdk-nag counts on S3, which blocks public access for new buckets. It does not for a bucket that is older than that (April 2023), nor when the block is taken out of a template that had it: CloudFormation then deletes it. What should hold has to be said.',
    when: (features) => features['the whole block'] === 'absent',
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['unknown'],
    nag: ['compliant'],
    reason:
      'A bucket can have one policy, so that the deployment of two fails or one replaces the other. cdk-nag is content with any of them.',
    when: ({ policy }) => policy?.startsWith('two') === true,
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['unknown'],
    nag: ['violation'],
    reason:
      'Whose policy it is, what it does, or whether a statement is there at all depends on a parameter or a condition. cdk-nag takes it for missing.',
    when: (features) => has(features, 'a parameter', 'by a condition, or nothing'),
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['violation'],
    nag: ['compliant'],
    reason: 'With a second condition the statement refuses only some plain requests.',
    when: ({ condition }) => condition?.startsWith('not secure and') === true,
  },
  {
    rules: ['S3BucketSSLRequestsOnly'],
    ours: ['compliant'],
    nag: ['violation'],
    reason: 'IAM reads this condition like the usual one: a list of one value, keys in any case, `BoolIfExists`.',
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
      'The statement takes in the bucket and its objects in other words: `*`, one pattern for both, or an ARN that can only be this bucket, for S3 refuses a policy that names another one.',
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
      'cdk-nag finds a queue unencrypted only where `SqsManagedSseEnabled` is the plain `false` and nothing at all stands in `KmsMasterKeyId`. An empty key, `AWS::NoValue`, or a condition or parameter in either place may leave it as unencrypted.',
  },
];
