import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as Lambda, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** How long the functions and machines keep their logs; evidence lies in the vault, not there. */
export const LOG_RETENTION: RetentionDays = RetentionDays.THREE_MONTHS;

/** One function, with a role of its own that holds the given rights and nothing else. */
export interface EngineFunctionProps {
  readonly code: Code;
  /** The file that exports `handler`. */
  readonly entry: string;
  readonly functionName: string;
  /** Given where accounts trust the role by its name, so that it must survive being made anew. */
  readonly roleName?: string;
  readonly description: string;
  readonly timeout: Duration;
  /** In megabytes, 512 unless told; processor time comes with it. */
  readonly memorySize?: number;
  readonly environment?: { readonly [name: string]: string };
  readonly rights: readonly PolicyStatement[];
  /** Whether X-Ray follows it, as it does unless told. */
  readonly traced?: boolean;
}

/** A Lambda function of the engine. */
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
      runtime: Runtime.NODEJS_22_X,
      architecture: Architecture.ARM_64,
      code,
      handler: `${entry}.handler`,
      role: this.role,
      logGroup,
      memorySize,
      timeout,
      tracing: traced ? Tracing.ACTIVE : Tracing.DISABLED,
      environment: {
        POWERTOOLS_SERVICE_NAME: 'evenkeel',
        POWERTOOLS_METRICS_NAMESPACE: 'Evenkeel',
        ...environment,
      },
    });
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-L1',
        reason: 'The bundles are built for and tested on this long-term release of Node.js.',
      },
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'X-Ray knows no resources; the evaluator reads whatever its rules are about, in its own account only.',
      },
    );
  }
}
