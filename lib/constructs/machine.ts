import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { LOG_RETENTION } from './engine-function.ts';

/** A state machine that does nothing but invoke functions. */
export interface MachineProps {
  readonly name: string;
  readonly definition: object;
  /** The functions that it may invoke. */
  readonly functionArns: readonly string[];
}

/** A state machine of the standard kind, traced and logged without the data that passes through it. */
export class Machine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { name, definition, functionArns }: MachineProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...functionArns] }));
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: name,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(definition)),
      role,
      tracingEnabled: true,
      logs: { destination: this.#logs(name), level: LogLevel.ALL, includeExecutionData: false },
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'X-Ray and the delivery of vended logs know no resources: AWS documents these actions with "*" only.',
    });
  }

  /** AWS lists groups of this prefix in no resource policy of limited size. */
  #logs = (name: string) =>
    new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
}
