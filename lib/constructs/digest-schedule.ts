import { type IRule, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { alarmAt, alarmWithout } from './alarms.ts';
import { keyPolicy, signedOnlyBy } from './evidence-policy.ts';
import { hubMetric } from './metrics.ts';
import type { NotificationTopic } from './notification-topic.ts';
import { functionRoleArn, type VaultAdministrators } from './vault-administrators.ts';

/** The key that signs the digests of the vault, their schedule and their alarms. */
export class DigestSchedule extends Construct {
  /** The public key verifies the evidence without access to the account. */
  readonly key: Key;

  constructor(scope: Construct, id: string, administrators: VaultAdministrators) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Evenkeel: signs the digests of the evidence',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: keyPolicy(administrators, signedOnlyBy(functionRoleArn(this, 'digest'))),
    });
  }

  /** The rights to sign and to check the own signature. */
  signRights(): PolicyStatement[] {
    return [new PolicyStatement({ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [this.key.keyArn] })];
  }

  /** Runs the function at the interval of the config. */
  every({ digestMinutes }: Config['evidence'], digest: IFunction, undelivered: IQueue): IRule {
    return new Rule(this, 'Schedule', {
      description: 'Signs a digest of the new evidence records',
      schedule: Schedule.rate(Duration.minutes(digestMinutes)),
      targets: [new LambdaFunction(digest, { deadLetterQueue: undelivered })],
    });
  }

  /** Adds the alarms for missing digests and for faults that a digest reports. */
  watch(notifications: NotificationTopic): void {
    notifications.alarm(
      alarmWithout(this, 'NoDigest', {
        title: 'no-digest',
        meaning:
          'No digest of the evidence was made for three hours. Read the log of evenkeel-digest. Just after the first deployment this is normal.',
        metric: hubMetric('digests', 'Sum', Duration.hours(1)),
        periods: 3,
      }),
    );
    notifications.alarm(
      alarmAt(this, 'Faults', {
        title: 'evidence-faults',
        meaning:
          'A registered record is missing in the vault, or a record or digest was replaced. The newest digests name it. Change nothing and investigate.',
        metric: hubMetric('evidenceFaults', 'Sum', Duration.minutes(5)),
        threshold: 1,
      }),
    );
  }
}
