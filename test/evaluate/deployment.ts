import type { Template } from '../../lib/evaluate/template/template.ts';
import type { Json } from '../../lib/model/control.ts';

/** A reference to a parameter or a resource. */
export const Ref = (name: string): Json => ({ Ref: name });
const Equals = (one: Json, other: Json): Json => ({ 'Fn::Equals': [one, other] });

/** In the assumed deployment, the stage is `prod`, `Free` is `a` and `Empty` is empty. */
export const PARAMETERS: NonNullable<Template['Parameters']> = {
  Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
  Free: { Type: 'String', Default: 'z' },
  Empty: { Type: 'String', Default: '' },
};

/** Conditions, and whether they hold in the assumed deployment. */
export const CONDITIONS: { readonly [name: string]: readonly [condition: Json, holds: boolean] } = {
  IsProd: [Equals(Ref('Stage'), 'prod'), true],
  IsDev: [Equals('dev', Ref('Stage')), false],
  NotProd: [{ 'Fn::Not': [{ Condition: 'IsProd' }] }, false],
  IsA: [Equals(Ref('Free'), 'a'), true],
  IsB: [Equals(Ref('Free'), 'b'), false],
  AOrB: [{ 'Fn::Or': [{ Condition: 'IsA' }, { Condition: 'IsB' }] }, true],
  AAndProd: [{ 'Fn::And': [{ Condition: 'IsA' }, { Condition: 'IsProd' }] }, true],
  HasName: [{ 'Fn::Not': [Equals(Ref('Empty'), '')] }, false],
  InIreland: [Equals(Ref('AWS::Region'), 'eu-west-1'), true],
  Always: [Equals('1', 1), true],
};
