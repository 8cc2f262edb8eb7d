import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { HubFunction } from '../stacks/functions.ts';
import { type EngineFunction, LOG_RETENTION } from './engine-function.ts';

/** The properties of a state machine that only invokes functions. */
export interface MachineProps {
  readonly name: string;
  /** Makes the definition from the ARNs of the functions. The machine can invoke those that the definition asks for. */
  readonly definition: (functionArn: (name: HubFunction) => string) => object;
  readonly functions: { readonly [F in HubFunction]: EngineFunction };
}

/** A standard state machine with traces, and with logs that leave out input and output. */
export class Machine extends Construct {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, { name, definition, functions }: MachineProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    const invoked = new Set<string>();
    const states = definition((step) => {
      const { functionArn } = functions[step].function;
      invoked.add(functionArn);
      return functionArn;
    });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [...invoked] }));
    this.machine = new StateMachine(this, 'Machine', {
      stateMachineName: name,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(states)),
      role,
      tracingEnabled: true,
      logs: { destination: this.#logs(name), level: LogLevel.ALL, includeExecutionData: false },
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'AWS documents the actions of X-Ray and of vended logs with the resource "*" only.',
    });
  }

  /** Log groups with this prefix need no entry in the account's log resource policy, whose size is limited. */
  #logs = (name: string) =>
    new LogGroup(this, 'Logs', {
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
}
