// The vocabulary in which controls are written: the package's `evenkeel/control`.
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
