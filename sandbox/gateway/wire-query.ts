import { type Model, type Operation, type Ref, type Shape, shapeOf } from './models.ts';
import { type Params, record, scalar } from './values.ts';

/** A tree of a form's dotted keys: `A.1.B=c` is A, then 1, then B. */
interface Branch {
  value?: string;
  kids: Map<string, Branch>;
}

/** Reads parameters from the query and EC2 serializations. */
export function queryParams(form: URLSearchParams, model: Model, operation: Operation): Params {
  return record(read(treeOf(form), shapeOf(model, operation.input), model));
}

function treeOf(form: URLSearchParams): Branch {
  const root: Branch = { kids: new Map() };
  for (const [key, value] of form) {
    let at = root;
    for (const part of key.split('.')) {
      const next = at.kids.get(part) ?? { kids: new Map() };
      at.kids.set(part, next);
      at = next;
    }
    at.value = value;
  }
  return root;
}

function read(branch: Branch, shape: Shape, model: Model): unknown {
  if (shape.type === 'structure') return structure(branch, shape, model);
  if (shape.type === 'list') return items(branch, shape, model);
  if (shape.type === 'map') return entries(branch, shape);
  return branch.value === undefined ? undefined : scalar(shape, branch.value);
}

function structure(branch: Branch, shape: Shape, model: Model): Params {
  const found: Params = {};
  for (const [name, ref] of Object.entries(shape.members ?? {})) {
    const member = shapeOf(model, ref);
    const at = branch.kids.get(keyOf(name, ref, member, model));
    if (at) found[name] = read(at, member, model);
  }
  return found;
}

function keyOf(name: string, ref: Ref, member: Shape, model: Model): string {
  if (ref.queryName) return ref.queryName;
  const key = (member.type === 'list' && member.flattened && member.member?.locationName) || ref.locationName || name;
  return model.protocol === 'ec2' ? `${key[0]?.toUpperCase()}${key.slice(1)}` : key;
}

function items(branch: Branch, shape: Shape, model: Model): unknown[] {
  const flat = shape.flattened || model.protocol === 'ec2';
  const at = flat ? branch : branch.kids.get(shape.member?.locationName ?? 'member');
  const found: unknown[] = [];
  for (let n = 1, item = at?.kids.get('1'); item; item = at?.kids.get(String(++n))) {
    found.push(read(item, shapeOf(model, shape.member), model));
  }
  return found;
}

function entries(branch: Branch, shape: Shape): Params {
  const at = shape.flattened ? branch : branch.kids.get('entry');
  const found: Params = {};
  for (const entry of at?.kids.values() ?? []) {
    const key = entry.kids.get(shape.key?.locationName ?? 'key')?.value;
    if (key !== undefined) found[key] = entry.kids.get(shape.value?.locationName ?? 'value')?.value;
  }
  return found;
}
