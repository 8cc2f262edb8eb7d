import { CfnConfigRule } from 'aws-cdk-lib/aws-config';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { names } from '../config/names.ts';
import type { Control, Parameters } from '../model/control.ts';

/** AWS Config's limit for a rule's parameters, in characters. */
const PARAMETERS_LIMIT = 1024;
const DAILY = 'TwentyFour_Hours';

/** The controls that AWS Config watches in one region. */
export interface ConfigRulesProps {
  readonly controls: readonly { readonly control: Control; readonly parameters: Parameters }[];
  /** Judges for the rules that are ours; needed where there is one. */
  readonly evaluator: Lambda | undefined;
  /** What must be there before a rule can be made. */
  readonly after: Construct | undefined;
}

/** One rule of AWS Config per control: AWS's own where it judges as the control does, else ours. */
export class ConfigRules extends Construct {
  constructor(scope: Construct, id: string, { controls, evaluator, after }: ConfigRulesProps) {
    super(scope, id);
    const permission = evaluator && permit(evaluator);
    for (const { control, parameters } of controls) {
      const rule = new CfnConfigRule(this, control.id, {
        configRuleName: names.configRule(control.id),
        description: `${control.title}. ${control.rationale}`.slice(0, 256),
        ...(control.detect.by === 'custom-rule'
          ? customRule(control, parameters, evaluator)
          : managedRule(control, parameters)),
        ...(!control.detect.periodic && { scope: { complianceResourceTypes: [control.resource] } }),
      });
      if (permission && control.detect.by === 'custom-rule') rule.node.addDependency(permission);
      if (after) rule.node.addDependency(after);
    }
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

type RuleProps = Pick<
  ConstructorParameters<typeof CfnConfigRule>[2],
  'source' | 'inputParameters' | 'maximumExecutionFrequency'
>;

function managedRule({ id, detect }: Control, parameters: Parameters): RuleProps {
  if (detect.by !== 'managed-rule') throw new Error(`${id} has a rule of its own, not one of AWS's.`);
  const inputParameters = detect.parameters?.(parameters);
  return {
    source: { owner: 'AWS', sourceIdentifier: detect.identifier },
    ...(inputParameters && { inputParameters: limited(id, inputParameters) }),
    ...(detect.periodic && { maximumExecutionFrequency: DAILY }),
  };
}

function customRule({ id, detect }: Control, parameters: Parameters, evaluator: Lambda | undefined): RuleProps {
  if (!evaluator) throw new Error(`${id} has a rule of its own and nothing to evaluate it.`);
  const on = (messageType: string) => ({ eventSource: 'aws.config', messageType });
  const sourceDetails = detect.periodic
    ? [{ ...on('ScheduledNotification'), maximumExecutionFrequency: DAILY }]
    : [on('ConfigurationItemChangeNotification'), on('OversizedConfigurationItemChangeNotification')];
  return {
    source: { owner: 'CUSTOM_LAMBDA', sourceIdentifier: evaluator.functionArn, sourceDetails },
    inputParameters: limited(id, { control: id, parameters: JSON.stringify(parameters) }),
  };
}

function limited<T>(id: string, parameters: T): T {
  const { length } = JSON.stringify(parameters);
  if (length > PARAMETERS_LIMIT)
    throw new Error(
      `controls.${id}.given in the config takes ${length} characters; AWS Config allows ${PARAMETERS_LIMIT} for a rule. Shorten it.`,
    );
  return parameters;
}
