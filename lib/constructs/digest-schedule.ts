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

/** What signs the vault's digests, and what sees to it that they are made. */
export class DigestSchedule extends Construct {
  /** Whoever has its public half can verify the vault with no access to the account. */
  readonly key: Key;

  constructor(scope: Construct, id: string, custodians: VaultAdministrators) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Signs the digests of the evidence of Evenkeel',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: keyPolicy(custodians, signedOnlyBy(functionRoleArn(this, 'digest'))),
    });
  }

  /** What the function needs to sign, and to know its own signature. */
  signRights(): PolicyStatement[] {
    return [new PolicyStatement({ actions: ['kms:Sign', 'kms:GetPublicKey'], resources: [this.key.keyArn] })];
  }

  /** Runs the function as often as the config says. */
  every({ digestMinutes }: Config['evidence'], digest: IFunction, undelivered: IQueue): IRule {
    return new Rule(this, 'Schedule', {
      description: 'What was recorded is chained and signed',
      schedule: Schedule.rate(Duration.minutes(digestMinutes)),
      targets: [new LambdaFunction(digest, { deadLetterQueue: undelivered })],
    });
  }

  /** Wakes somebody when no digest is made, and when one says that something is wrong. */
  watch(notifications: NotificationTopic): void {
    notifications.alarm(
      alarmWithout(this, 'NoDigest', {
        title: 'no-digest',
        meaning:
          'For three hours no digest of the evidence was made; read the log of evenkeel-digest. It is also so just after the first deployment.',
        metric: hubMetric('digests', 'Sum', Duration.hours(1)),
        periods: 3,
      }),
    );
    notifications.alarm(
      alarmAt(this, 'Faults', {
        title: 'evidence-faults',
        meaning:
          'A registered record is missing in the vault, or something else lies in its place or in the place of a digest; the newest digests name it. Keep everything as it is and investigate.',
        metric: hubMetric('evidenceFaults', 'Sum', Duration.minutes(5)),
        threshold: 1,
      }),
    );
  }
}
