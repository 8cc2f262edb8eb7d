import { CfnConfigRule } from 'aws-cdk-lib/aws-config';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Aws, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { names } from '../config/names.ts';
import { partitionOf } from '../model/aws.ts';
import type { Control, Parameters } from '../model/control.ts';
import { fillIn } from '../model/parameter.ts';

/** AWS Config's limit for a rule's parameters, in characters. */
const PARAMETERS_LIMIT = 1024;
const PSEUDO_PARAMETERS = { account: Aws.ACCOUNT_ID, region: Aws.REGION, partition: Aws.PARTITION };
const DAILY = 'TwentyFour_Hours';

/** The properties of the AWS Config rules of one region. */
export interface ConfigRulesProps {
  readonly controls: readonly { readonly control: Control; readonly parameters: Parameters }[];
  /** The function that evaluates custom rules; required if a control has one. */
  readonly evaluator: Lambda | undefined;
  /** A construct that must exist before any rule, such as the recorder. */
  readonly after: Construct | undefined;
}

/** One AWS Config rule per control: a managed rule if its verdicts equal the control's, otherwise a custom rule. */
export class ConfigRules extends Construct {
  constructor(scope: Construct, id: string, { controls, evaluator, after }: ConfigRulesProps) {
    super(scope, id);
    const permission = evaluator && permit(evaluator);
    for (const { control, parameters } of controls) {
      const rule = new CfnConfigRule(this, control.id, {
        configRuleName: names.configRule(control.id),
        description: `${control.title}. ${control.rationale}`.slice(0, 256),
        ...(control.detect.by === 'custom-rule' ? customRule(control, evaluator) : managedRule(control)),
        inputParameters: this.#inputOf(control, parameters),
        ...(!control.detect.periodic && { scope: { complianceResourceTypes: [control.configType] } }),
      });
      if (permission && control.detect.by === 'custom-rule') rule.node.addDependency(permission);
      if (after) rule.node.addDependency(after);
    }
  }

  /** The input of a rule, in which CloudFormation fills in the place, so that it is the same in every account. */
  #inputOf(control: Control, parameters: Parameters): object | undefined {
    const { account, region } = Stack.of(this);
    const { length } = JSON.stringify(
      inputOf(control, fillIn(parameters, { account, region, partition: partitionOf(region) })) ?? {},
    );
    if (length > PARAMETERS_LIMIT)
      throw new Error(
        `controls.${control.id}.parameters in the config has ${length} characters; AWS Config allows ${PARAMETERS_LIMIT} per rule. Shorten it.`,
      );
    return inputOf(control, fillIn(parameters, PSEUDO_PARAMETERS));
  }
}

/** Lets AWS Config invoke the evaluator for rules of this account only. */
function permit(evaluator: Lambda): Construct {
  evaluator.addPermission('Config', {
    principal: new ServicePrincipal('config.amazonaws.com'),
    sourceAccount: Stack.of(evaluator).account,
  });
  return evaluator;
}

/** The input of a managed rule, or of our evaluator. */
const inputOf = ({ id, detect }: Control, parameters: Parameters): object | undefined =>
  detect.by === 'custom-rule'
    ? { control: id, parameters: JSON.stringify(parameters) }
    : detect.parameters?.(parameters);

type RuleProps = Pick<ConstructorParameters<typeof CfnConfigRule>[2], 'source' | 'maximumExecutionFrequency'>;

function managedRule({ id, detect }: Control): RuleProps {
  if (detect.by !== 'managed-rule') throw new Error(`${id} has a custom rule, not a managed rule.`);
  return {
    source: { owner: 'AWS', sourceIdentifier: detect.identifier },
    ...(detect.periodic && { maximumExecutionFrequency: DAILY }),
  };
}

function customRule({ id, detect }: Control, evaluator: Lambda | undefined): RuleProps {
  if (!evaluator) throw new Error(`${id} has a custom rule, but the stack has no evaluator function.`);
  const on = (messageType: string) => ({ eventSource: 'aws.config', messageType });
  const sourceDetails = detect.periodic
    ? [{ ...on('ScheduledNotification'), maximumExecutionFrequency: DAILY }]
    : [on('ConfigurationItemChangeNotification'), on('OversizedConfigurationItemChangeNotification')];
  return { source: { owner: 'CUSTOM_LAMBDA', sourceIdentifier: evaluator.functionArn, sourceDetails } };
}
