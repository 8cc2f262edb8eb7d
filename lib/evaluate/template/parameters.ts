import type { Json } from '../../model/control.ts';
import { isList, isObject, own } from '../../model/json.ts';
import { chooseAmong, chooseOne, type Scenario } from './scenarios.ts';
import type { Template } from './template.ts';

/**
 * What a `Ref` comes to: one of a parameter's allowed values; nothing for `AWS::NoValue`; else it stays a `Ref`. A
 * default is no more than a proposal, but an empty one shows that the value may be empty, which no unresolved value is.
 */
export function reference(name: string, template: Template, world: Scenario): Json | undefined {
  if (name === 'AWS::NoValue') return undefined;
  const value = { Ref: name };
  const parameter = own(template.Parameters, name);
  if (!isObject(parameter) || !isSingle(parameter.Type)) return value;
  const { AllowedValues, Default, Type } = parameter;
  // For a type that reads SSM they restrict the name of the key there and not its value.
  if (isList(AllowedValues) && AllowedValues.length > 0 && !String(Type).startsWith('AWS::SSM::Parameter::Value<'))
    return chooseOne(JSON.stringify(value), AllowedValues, world);
  if (Default === '' && Type === 'String') return chooseAmong(JSON.stringify(value), [''], world) ?? value;
  return value;
}

/** Whether a parameter of this type is one value and no list of them. */
const isSingle = (type: Json | undefined) =>
  typeof type === 'string' && type !== 'CommaDelimitedList' && !type.includes('List<') && !type.includes('<Comma');
