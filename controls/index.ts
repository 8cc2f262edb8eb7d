import type { Control } from '../lib/model/index.ts';
import { cloudtrailLogFileValidation } from './cloudtrail/cloudtrail-log-file-validation.ts';
import { ebsEncryptionByDefault } from './ec2/ebs-encryption-by-default.ts';
import { ec2Imdsv2 } from './ec2/ec2-imdsv2.ts';
import { ec2RestrictIngress } from './ec2/ec2-restrict-ingress.ts';
import { iamAccessKeyAge } from './iam/iam-access-key-age.ts';
import { iamPasswordPolicy } from './iam/iam-password-policy.ts';
import { kmsKeyRotation } from './kms/kms-key-rotation.ts';
import { rdsNotPublic } from './rds/rds-not-public.ts';
import { rdsStorageEncryption } from './rds/rds-storage-encryption.ts';
import { s3BlockPublicAccess } from './s3/s3-block-public-access.ts';
import { s3RequireTls } from './s3/s3-require-tls.ts';
import { sqsEncryption } from './sqs/sqs-encryption.ts';

/** Every control, sorted by id. */
export const controls: readonly Control[] = [
  cloudtrailLogFileValidation,
  ebsEncryptionByDefault,
  ec2Imdsv2,
  ec2RestrictIngress,
  iamAccessKeyAge,
  iamPasswordPolicy,
  kmsKeyRotation,
  rdsNotPublic,
  rdsStorageEncryption,
  s3BlockPublicAccess,
  s3RequireTls,
  sqsEncryption,
];
