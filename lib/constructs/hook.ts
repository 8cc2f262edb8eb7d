import { CfnLambdaHook } from 'aws-cdk-lib/aws-cloudformation';
import { PolicyStatement, PrincipalWithConditions, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { evaluatedBy, type HookPolicy } from '../config/hook-policy.ts';
import type { Control } from '../model/control.ts';
import { EngineFunction } from './engine-function.ts';

/** CloudFormation takes no more names in one filter. */
const MOST_NAMES = 50;

/** CloudFormation waits meanwhile, and whoever writes the template says how much there is to judge. */
const WHOLE_CORE = 1769;

/** The gate at deployment of one region. */
export interface HookProps {
  readonly mode: Exclude<Config['hook'], 'off'>;
  readonly policy: HookPolicy;
  /** The controls that the account is held to here. */
  readonly controls: readonly Control[];
  /** The folder of the bundled code. */
  readonly code: string;
}

/**
 * Has CloudFormation ask our judge before it creates or updates anything. The hooks are two, because AWS leaves open what a
 * filter for resource types does to whole stacks.
 */
export class Hook extends Construct {
  readonly step: EngineFunction;
  readonly #role: Role;
  readonly #props: HookProps;

  constructor(scope: Construct, id: string, props: HookProps) {
    super(scope, id);
    this.#props = props;
    this.step = new EngineFunction(this, 'Judge', {
      code: Code.fromAsset(props.code),
      entry: 'hook',
      functionName: 'evenkeel-hook',
      description: 'Judges what CloudFormation is about to deploy',
      timeout: Duration.seconds(29),
      memorySize: WHOLE_CORE,
      environment: { EVENKEEL_HOOK: JSON.stringify(props.policy) },
      rights: [],
      traced: false,
    });
    this.#role = this.#invoker();
    const types = new Set(this.#judgedBy('resource').map(({ resource }) => resource));
    if (types.size > 0) this.#hook('Resources', ['RESOURCE'], types.size > MOST_NAMES ? [] : [...types].sort());
    // A change set that is refused cannot be executed; with a mere warning, the stack would be warned of the same again.
    if (this.#judgedBy('template').length > 0)
      this.#hook('Stacks', props.mode === 'fail' ? ['STACK', 'CHANGE_SET'] : ['STACK'], []);
  }

  #judgedBy(place: 'resource' | 'template'): Control[] {
    return this.#props.controls.filter((control) => evaluatedBy(control) === place);
  }

  /** CloudFormation acts under it, and may do nothing but ask our function. */
  #invoker(): Role {
    const role = new Role(this, 'Invoker', {
      description: 'Lets CloudFormation ask the judge',
      assumedBy: new PrincipalWithConditions(new ServicePrincipal('hooks.cloudformation.amazonaws.com'), {
        StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
      }),
    });
    const resources = [this.step.function.functionArn];
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
      lambdaFunction: this.step.function.functionArn,
      targetOperations,
      stackFilters: { filteringCriteria: 'ALL', stackNames: { exclude: [...policy.stacks] } },
    });
    // CDK's types demand `targets`, which AWS forbids beside these.
    hook.addPropertyOverride('TargetFilters', {
      Actions: ['CREATE', 'UPDATE'],
      InvocationPoints: ['PRE_PROVISION'],
      ...(targetNames.length > 0 && { TargetNames: targetNames }),
    });
    const rights = this.#role.node.tryFindChild('DefaultPolicy');
    if (rights) hook.node.addDependency(rights);
  }
}
