import { rules } from 'cdk-nag';
import { cloudtrailLogFileValidation } from '../../controls/cloudtrail/cloudtrail-log-file-validation.ts';
import { ec2Imdsv2 } from '../../controls/ec2/ec2-imdsv2.ts';
import { ec2RestrictIngress } from '../../controls/ec2/ec2-restrict-ingress.ts';
import { kmsKeyRotation } from '../../controls/kms/kms-key-rotation.ts';
import { rdsNotPublic } from '../../controls/rds/rds-not-public.ts';
import { rdsStorageEncryption } from '../../controls/rds/rds-storage-encryption.ts';
import { s3BlockPublicAccess } from '../../controls/s3/s3-block-public-access.ts';
import { s3RequireTls } from '../../controls/s3/s3-require-tls.ts';
import { sqsEncryption } from '../../controls/sqs/sqs-encryption.ts';
import type { Control, Parameters } from '../../lib/model/control.ts';
import { bucketPolicies } from './corpus/bucket-policies.ts';
import type { Case } from './corpus/case.ts';
import { encryptedDatabases, publicDatabases } from './corpus/databases.ts';
import { keys, publicAccessBlocks, queues, trails } from './corpus/flags.ts';
import { ingress } from './corpus/ingress.ts';
import { instances } from './corpus/instances.ts';

/** A control and the corresponding rule of cdk-nag, with resources for both. */
export interface Pair {
  readonly control: Control;
  readonly rule: string;
  readonly nag: (typeof rules.s3)['S3BucketSSLRequestsOnly'];
  /** Parameters that make the control correspond to the rule. */
  readonly parameters?: Parameters;
  readonly cases: readonly Case[];
  /** The number of cases that one template can hold without side effects. */
  readonly together?: number;
}

const pair = (
  control: Control,
  rule: string,
  nag: Pair['nag'],
  cases: readonly Case[],
  parameters?: Parameters,
): Pair => ({
  control,
  rule,
  nag,
  cases,
  parameters,
});
const { cloudtrail, ec2, kms, rds, s3, sqs } = rules;
// The ports of the rule of cdk-nag.
const COMMON = { ports: [20, 21, 3389, 3309, 3306, 4333] };

/** Every rule of cdk-nag with a corresponding control. */
export const pairs: readonly Pair[] = [
  pair(
    cloudtrailLogFileValidation,
    'CloudTrailLogFileValidationEnabled',
    cloudtrail.CloudTrailLogFileValidationEnabled,
    trails(),
  ),
  pair(ec2Imdsv2, 'EC2IMDSv2Enabled', ec2.EC2IMDSv2Enabled, instances()),
  pair(ec2RestrictIngress, 'EC2RestrictedSSH', ec2.EC2RestrictedSSH, ingress(22), { ports: [22] }),
  pair(ec2RestrictIngress, 'EC2RestrictedCommonPorts', ec2.EC2RestrictedCommonPorts, ingress(3389), COMMON),
  pair(kmsKeyRotation, 'KMSBackingKeyRotationEnabled', kms.KMSBackingKeyRotationEnabled, keys()),
  pair(rdsNotPublic, 'RDSInstancePublicAccess', rds.RDSInstancePublicAccess, publicDatabases()),
  pair(rdsStorageEncryption, 'RDSStorageEncrypted', rds.RDSStorageEncrypted, encryptedDatabases()),
  pair(
    s3BlockPublicAccess,
    'S3BucketLevelPublicAccessProhibited',
    s3.S3BucketLevelPublicAccessProhibited,
    publicAccessBlocks(),
  ),
  // A policy whose bucket is a parameter may belong to any bucket of its template.
  { ...pair(s3RequireTls, 'S3BucketSSLRequestsOnly', s3.S3BucketSSLRequestsOnly, bucketPolicies()), together: 1 },
  pair(sqsEncryption, 'SQSQueueSSE', sqs.SQSQueueSSE, queues()),
];
