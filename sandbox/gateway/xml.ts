import { XMLParser } from 'fast-xml-parser';
import { type Model, type Shape, shapeOf } from './models.ts';
import { list, type Params, record, scalar } from './values.ts';

// Every element is a list, because one item and many must look alike. Text remains text; the shapes have the types.
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  removeNSPrefix: true,
  parseTagValue: false,
  isArray: () => true,
});

/** Parses XML and returns the content of the root element; `undefined` if the source is not XML. */
export function parseXml(source: string): unknown {
  try {
    return list(Object.values(record(parser.parse(source)))[0])[0];
  } catch {
    return undefined;
  }
}

/** Reads a parsed element by its shape in the model. */
export function fromXml(node: unknown, shape: Shape, model: Model): unknown {
  if (shape.type === 'structure') return structure(record(node), shape, model);
  if (shape.type === 'list') {
    const member = shapeOf(model, shape.member);
    return list(record(node)[shape.member?.locationName ?? 'member']).map((item) => fromXml(item, member, model));
  }
  if (shape.type === 'map') return entries(record(node), shape);
  return typeof node === 'string' ? scalar(shape, node) : undefined;
}

function structure(node: Params, shape: Shape, model: Model): Params {
  const found: Params = {};
  for (const [name, ref] of Object.entries(shape.members ?? {})) {
    const member = shapeOf(model, ref);
    const flat = member.type === 'list' && member.flattened;
    const nodes = node[ref.locationName ?? ((flat && member.member?.locationName) || name)];
    if (nodes === undefined) continue;
    found[name] = flat
      ? list(nodes).map((item) => fromXml(item, shapeOf(model, member.member), model))
      : fromXml(list(nodes)[0], member, model);
  }
  return found;
}

function entries(node: Params, shape: Shape): Params {
  const pairs = list(node.entry).map((entry) => [
    list(record(entry)[shape.key?.locationName ?? 'key'])[0],
    list(record(entry)[shape.value?.locationName ?? 'value'])[0],
  ]);
  return Object.fromEntries(pairs);
}
