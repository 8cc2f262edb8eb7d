import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { Duration, Stack, type StackProps } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { hookOf, modesOf } from '../config/account-modes.ts';
import { accountRegionOf, type Config, parametersOf } from '../config/config.ts';
import { evaluatedBy } from '../config/hook-policy.ts';
import { names } from '../config/names.ts';
import { deliveryAlarm, functionAlarms, hookAlarm, REGION_STACK } from '../constructs/alarms.ts';
import { ConfigRules } from '../constructs/config-rules.ts';
import { DeadLetters } from '../constructs/dead-letters.ts';
import { EngineFunction } from '../constructs/engine-function.ts';
import { type EventSources, Forwarding } from '../constructs/forwarding.ts';
import { Hook } from '../constructs/hook.ts';
import { Recorder } from '../constructs/recorder.ts';
import { globalRegionOf, partitionOf } from '../model/aws.ts';
import { ACCOUNT, type Control } from '../model/control.ts';
import type { LambdaCode } from './lambda-code.ts';

/** The properties of the stack of one governed region of one account. */
export interface RegionStackProps extends StackProps {
  readonly config: Config;
  readonly controls: readonly Control[];
  readonly account: string;
  readonly region: string;
  readonly sources: EventSources;
  readonly code: Pick<LambdaCode, 'member' | 'hook'>;
}

/** The controls that are enabled in one region. Global controls are enabled in the partition's global region only. */
export function controlsIn(config: Config, controls: readonly Control[], account: string, region: string): Control[] {
  const modes = modesOf(config, controls, account);
  const governed = config.accounts[account]?.regions.includes(region);
  const global = globalRegionOf(config.hub.region) === region;
  return controls.filter(({ id, scope }) => modes[id] && (scope === 'global' ? global : governed));
}

/**
 * The stacks that the hook never evaluates, because a faulty hook could then not be repaired. The names are exact and limited to
 * the region of each stack: anyone can give a stack a name that starts like ours.
 */
function ourStacks(config: Config, account: string, region: string): string[] {
  const { hub } = config;
  return [
    'CDKToolkit',
    REGION_STACK,
    ...(accountRegionOf(config) === region ? [names.accountStack] : []),
    ...(hub.account === account && hub.region === region ? [names.hubStack] : []),
  ];
}

/** One governed region: AWS Config rules, the rules that forward events to the hub, and the CloudFormation hook. */
export class RegionStack extends Stack {
  constructor(scope: Construct, id: string, props: RegionStackProps) {
    const { config, controls: all, account, region, sources, code, ...stackProps } = props;
    super(scope, id, stackProps);
    const controls = controlsIn(config, all, account, region);
    const evaluator = this.#evaluator(controls, account, code.member);
    new ConfigRules(this, 'ConfigRules', {
      controls: controls.map((control) => ({ control, parameters: parametersOf(config, control) })),
      evaluator: evaluator?.function,
      after: config.accounts[account]?.recorder === 'create' ? this.#recorder(controls) : undefined,
    });
    const undelivered = new DeadLetters(this, 'Undelivered', {
      title: 'not-forwarded',
      meaning:
        'Events could not be forwarded to the hub within a day. Fix the event bus of the hub or the role, then redrive the messages.',
    });
    const { hub } = config;
    const { rules } = new Forwarding(this, 'Forwarding', {
      controls,
      sources,
      hubBusArn: `arn:${partitionOf(hub.region)}:events:${hub.region}:${hub.account}:event-bus/${names.inboundBus}`,
      undelivered: undelivered.queue,
    });
    for (const rule of rules) deliveryAlarm(this, rule);
    if (evaluator) functionAlarms(this, 'evaluate', evaluator.function);
    this.#hook(props);
  }

  /** The hook evaluates global controls in every region, because a stack in any region can create global resources. */
  #hook({ config, controls, account, region, code }: RegionStackProps): void {
    const mode = hookOf(config, account);
    const modes = modesOf(config, controls, account);
    const evaluated = controls.filter((control) => modes[control.id] && evaluatedBy(control));
    if (mode === 'off' || evaluated.length === 0 || !config.accounts[account]?.regions.includes(region)) return;
    const { function: hook } = new Hook(this, 'Hook', {
      mode,
      controls: evaluated,
      code: code.hook,
      policy: {
        off: controls.filter(({ id }) => !modes[id]).map(({ id }) => id),
        stacks: ourStacks(config, account, region),
        errors: config.hookErrors,
      },
    });
    functionAlarms(this, 'hook', hook);
    hookAlarm(this);
  }

  /** Records the resource types of our rules; Admit looks up resources in these records too. */
  #recorder(controls: readonly Control[]): Recorder {
    const types = new Set(controls.map(({ configType }) => configType).filter((type) => type !== ACCOUNT));
    return new Recorder(this, 'Recorder', [...types].sort());
  }

  #evaluator(controls: readonly Control[], account: string, code: string): EngineFunction | undefined {
    const custom = controls.filter(({ detect }) => detect.by === 'custom-rule');
    if (custom.length === 0) return undefined;
    const actions = [...new Set(custom.flatMap(({ observe }) => observe.actions))].sort();
    return new EngineFunction(this, 'Evaluator', {
      code: Code.fromAsset(code),
      entry: 'evaluate',
      functionName: 'evenkeel-evaluate',
      description: 'Evaluates the custom rules of AWS Config',
      timeout: Duration.minutes(5),
      rights: [
        new PolicyStatement({
          actions,
          resources: ['*'],
          conditions: { StringEqualsIfExists: { 'aws:ResourceAccount': account } },
        }),
        new PolicyStatement({ actions: ['config:PutEvaluations'], resources: ['*'] }),
      ],
    });
  }
}
