// The package's `evenkeel/control`: declares controls and resource types.
export * from './control.ts';
export { defineControl } from './define-control.ts';
export { required } from './parameter.ts';
export {
  boolean,
  json,
  list,
  map,
  number,
  object,
  oneOf,
  policy,
  type StateOf,
  text,
  type ValueOf,
} from './property.ts';
export { defineResource } from './resource-type.ts';
export { interpolate } from './target.ts';
