import type { Json } from '../../model/control.ts';
import { isList, isObject, own } from '../../model/json.ts';
import { chooseAmong, chooseOne, type Scenario } from './scenarios.ts';
import type { Template } from './template.ts';

/**
 * Resolves a `Ref`: to one of the parameter's allowed values, to nothing for `AWS::NoValue`, or else it stays a `Ref`. A
 * deployment can override a default, but an empty default shows that the value may be empty; an unresolved value never is.
 */
export function reference(name: string, template: Template, scenario: Scenario): Json | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const value = { Ref: name };
  const parameter = own(template.Parameters, name);
  if (!isObject(parameter) || !isSingle(parameter.Type)) return value;
  const { AllowedValues, Default, Type } = parameter;
  // For a type that reads Parameter Store, the allowed values restrict the name of the key and not its value.
  if (isList(AllowedValues) && AllowedValues.length > 0 && !String(Type).startsWith('AWS::SSM::Parameter::Value<'))
    return chooseOne(JSON.stringify(value), AllowedValues, scenario);
  if (Default === '' && Type === 'String') return chooseAmong(JSON.stringify(value), [''], scenario) ?? value;
  return value;
}

/** Whether a parameter of this type is a single value and not a list. */
const isSingle = (type: Json | undefined) =>
  typeof type === 'string' && type !== 'CommaDelimitedList' && !type.includes('List<') && !type.includes('<Comma');
