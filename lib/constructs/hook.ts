import { CfnLambdaHook } from 'aws-cdk-lib/aws-cloudformation';
import { PolicyStatement, PrincipalWithConditions, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, type Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { evaluatedBy, type HookPolicy } from '../config/hook-policy.ts';
import type { Control } from '../model/control.ts';
import { EngineFunction } from './engine-function.ts';

/** CloudFormation's limit for the names in one filter. */
const MAX_TARGET_NAMES = 50;

/** Megabytes that give the function one vCPU, because CloudFormation waits and templates can be large. */
const ONE_VCPU = 1769;

/** The properties of the CloudFormation hook of one region. */
export interface HookProps {
  readonly mode: Exclude<Config['hook'], 'off'>;
  readonly policy: HookPolicy;
  /** The controls that are enabled here. */
  readonly controls: readonly Control[];
  /** The folder of the bundled code. */
  readonly code: string;
}

/**
 * Evaluates the resources and templates that CloudFormation is about to create or update. There are two hooks, because AWS does not
 * document how a filter for resource types affects whole stacks.
 */
export class Hook extends Construct {
  readonly function: Lambda;
  readonly #role: Role;
  readonly #props: HookProps;

  constructor(scope: Construct, id: string, props: HookProps) {
    super(scope, id);
    this.#props = props;
    const { function: lambda } = new EngineFunction(this, 'Evaluator', {
      code: Code.fromAsset(props.code),
      entry: 'hook',
      functionName: 'evenkeel-hook',
      description: 'Evaluates resources and templates before CloudFormation deploys them',
      timeout: Duration.seconds(29),
      memorySize: ONE_VCPU,
      environment: { EVENKEEL_HOOK: JSON.stringify(props.policy), EVENKEEL_ACCOUNT: Aws.ACCOUNT_ID },
      rights: [],
      traced: false,
    });
    this.function = lambda;
    this.#role = this.#invoker();
    const types = new Set(this.#evaluatedBy('resource').map(({ resource }) => resource));
    if (types.size > 0) this.#hook('Resources', ['RESOURCE'], types.size > MAX_TARGET_NAMES ? [] : [...types].sort());
    // A failed hook blocks the change set. In mode warn, a warning on the change set would repeat that of the stack.
    if (this.#evaluatedBy('template').length > 0)
      this.#hook('Stacks', props.mode === 'fail' ? ['STACK', 'CHANGE_SET'] : ['STACK'], []);
  }

  #evaluatedBy(place: 'resource' | 'template'): Control[] {
    return this.#props.controls.filter((control) => evaluatedBy(control) === place);
  }

  /** The role of CloudFormation, which can only invoke our function. */
  #invoker(): Role {
    const role = new Role(this, 'Invoker', {
      description: 'Lets CloudFormation invoke the hook function',
      assumedBy: new PrincipalWithConditions(new ServicePrincipal('hooks.cloudformation.amazonaws.com'), {
        StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
      }),
    });
    const resources = [this.function.functionArn];
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources }));
    return role;
  }

  #hook(name: string, targetOperations: string[], targetNames: readonly string[]): void {
    const { mode, policy } = this.#props;
    const hook = new CfnLambdaHook(this, name, {
      alias: `Private::Evenkeel::${name}`,
      executionRole: this.#role.roleArn,
      failureMode: mode === 'fail' ? 'FAIL' : 'WARN',
      hookStatus: 'ENABLED',
      lambdaFunction: this.function.functionArn,
      targetOperations,
      stackFilters: { filteringCriteria: 'ALL', stackNames: { exclude: [...policy.stacks] } },
    });
    // CDK's types require `targets`, which AWS forbids together with these.
    hook.addPropertyOverride('TargetFilters', {
      Actions: ['CREATE', 'UPDATE'],
      InvocationPoints: ['PRE_PROVISION'],
      ...(targetNames.length > 0 && { TargetNames: targetNames }),
    });
    const rights = this.#role.node.tryFindChild('DefaultPolicy');
    if (rights) hook.node.addDependency(rights);
  }
}
