import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as Lambda, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type Duration, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { lambdaHasTraces, partitionOf } from '../model/aws.ts';

/** The retention of logs. Evidence is in the vault, not in logs. */
export const LOG_RETENTION: RetentionDays = RetentionDays.THREE_MONTHS;

/** The newest Node.js runtime of Lambda. `NODEJS_LATEST` lags behind until every region offers a runtime. */
const RUNTIME = Runtime.NODEJS_24_X;

/** The properties of a function. Its role has these rights and no others. */
export interface EngineFunctionProps {
  readonly code: Code;
  /** The file that exports `handler`. */
  readonly entry: string;
  readonly functionName: string;
  /** Set if accounts trust the role by name: a role that is created again must keep its name. */
  readonly roleName?: string;
  readonly description: string;
  readonly timeout: Duration;
  /** Megabytes; CPU is proportional. Default: 512. */
  readonly memorySize?: number;
  readonly environment?: { readonly [name: string]: string };
  readonly rights: readonly PolicyStatement[];
  /** Whether X-Ray traces it, where the partition offers that. Default: true. */
  readonly traced?: boolean;
}

/** A Lambda function with its role and log group. */
export class EngineFunction extends Construct {
  readonly function: Lambda;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: EngineFunctionProps) {
    super(scope, id);
    const { code, entry, functionName, roleName, description, timeout, environment, rights } = props;
    const { memorySize = 512, traced = true } = props;
    this.role = new Role(this, 'Role', { roleName, assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new LogGroup(this, 'Logs', { retention: LOG_RETENTION });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    for (const statement of rights) this.role.addToPolicy(statement);
    this.function = new Lambda(this, 'Function', {
      functionName,
      description,
      runtime: RUNTIME,
      architecture: Architecture.ARM_64,
      code,
      handler: `${entry}.handler`,
      role: this.role,
      logGroup,
      memorySize,
      timeout,
      tracing: traced && lambdaHasTraces(partitionOf(Stack.of(this).region)) ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: {
        POWERTOOLS_SERVICE_NAME: 'evenkeel',
        POWERTOOLS_METRICS_NAMESPACE: 'Evenkeel',
        ...environment,
      },
    });
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-L1',
        reason: 'This is the newest long-term release of Node.js that Lambda offers.',
      },
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'X-Ray actions have no resources. The evaluator reads the resources of its rules, in its own account only.',
      },
    );
  }
}
