import { Document, isScalar, isSeq, Scalar, visit } from 'yaml';
import type { Json } from '../../../lib/model/control.ts';
import type { TemplateText } from '../source/parse-template.ts';

/** Where a new value goes: into what kind of collection, and how far its line is indented. */
interface Place {
  readonly kind: 'map' | 'list';
  readonly flow: boolean;
  readonly indent: string;
  readonly oneLine: boolean;
}

/** How a text writes what it does not have yet. */
export interface Style {
  readonly eol: string;
  /** What stands behind a comma, in one line. */
  readonly gap: string;
  /** A key with its colon. */
  key(key: string, flow: boolean): string;
  /** What stands behind a colon, a dash or a comma, the space included where there is one. */
  value(value: Json, place: Place): string;
}

/** The style of a text, as far as it shows. */
export function styleOf({ text, language }: TemplateText): Style {
  const eol = /\r?\n/.exec(text)?.[0] ?? '\n';
  const unit = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return language === 'json' ? json(text, eol, unit) : yaml(text, eol, unit);
}

function json(text: string, eol: string, unit: string): Style {
  const gap = /":\s/.test(text) ? ' ' : '';
  const pad = /\{ "/.test(text) ? ' ' : '';
  return {
    eol,
    gap,
    key: (key) => `${JSON.stringify(key)}:`,
    value(value, { kind, indent, oneLine }) {
      const lines = oneLine
        ? inLine(value, gap, pad)
        : JSON.stringify(value, undefined, unit).replaceAll('\n', eol + indent);
      return kind === 'map' ? gap + lines : lines;
    },
  };
}

/** No line break of the longer form stands in a string. */
function inLine(value: Json, gap: string, pad: string): string {
  if (gap === '') return JSON.stringify(value);
  const lines = JSON.stringify(value, undefined, 1);
  return lines
    .replaceAll(/,\n */g, `,${gap}`)
    .replaceAll(/\{\n */g, `{${pad}`)
    .replaceAll(/\n *\}/g, `${pad}}`)
    .replaceAll(/\n */g, '');
}

function yaml(text: string, eol: string, unit: string): Style {
  const options = { version: '1.1', lineWidth: 0, indent: unit.length, aliasDuplicateObjects: false } as const;
  const short = /[:-]\s+!(Ref|GetAtt|Sub)\b/.test(text);
  const flowCollectionPadding = /\{ \S/.test(text);
  const stringify = (value: Json, flow = false) => {
    const document = new Document(value, options);
    if (short) visit(document, { Map: (_key, { items }) => shortened(items) });
    if (flow)
      visit(document, {
        Collection(_key, collection) {
          collection.flow = true;
        },
      });
    return document.toString({ ...options, flowCollectionPadding }).trimEnd();
  };
  return {
    eol,
    gap: ' ',
    // What a key may hold outside of brackets it may not hold inside.
    key: (key, flow) =>
      flow && /\W/.test(key) ? `${JSON.stringify(key)}:` : stringify({ [key]: 0 }).replace(/ 0$/, ''),
    value(value, { kind, flow, indent }) {
      if (flow) return (kind === 'map' ? ' ' : '') + stringify([value], true).replace(/^\[ ?| ?\]$/g, '');
      const complete = stringify(kind === 'map' ? { x: value } : [value]);
      return complete.slice(kind === 'map' ? 2 : 1).replaceAll('\n', eol + indent);
    },
  };
}

const TAGS: { readonly [name: string]: string } = { Ref: '!Ref', 'Fn::Sub': '!Sub', 'Fn::GetAtt': '!GetAtt' };

/** An intrinsic in the short form that the rest of the text uses; undefined where it stays as it is. */
function shortened([pair, ...others]: readonly { readonly key: unknown; readonly value: unknown }[]):
  | Scalar
  | undefined {
  const name = isScalar(pair?.key) ? String(pair.key.value) : '';
  const tag = Object.hasOwn(TAGS, name) && others.length === 0 ? TAGS[name] : undefined;
  const parts = isSeq(pair?.value) ? (name === 'Fn::GetAtt' ? pair.value.items : []) : [pair?.value];
  const texts = parts.map((part) => (isScalar(part) ? part.value : undefined));
  if (!tag || texts.length === 0 || texts.some((text) => typeof text !== 'string')) return undefined;
  const scalar = new Scalar(texts.join('.'));
  scalar.tag = tag;
  return scalar;
}
