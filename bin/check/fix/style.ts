import { Document, isScalar, isSeq, Scalar, visit } from 'yaml';
import type { Json } from '../../../lib/model/control.ts';
import type { ParsedTemplate } from '../source/parse-template.ts';

/** The collection that takes a new value, and its indentation. */
interface InsertionPoint {
  readonly kind: 'map' | 'list';
  readonly flow: boolean;
  readonly indent: string;
  readonly oneLine: boolean;
}

/** How new keys and values are written, in the style of a text. */
export interface Style {
  readonly eol: string;
  /** The space behind a comma, within a line. */
  readonly gap: string;
  /** A key with its colon. */
  key(key: string, flow: boolean): string;
  /** A value behind a colon, a dash or a comma, with a space if there is one. */
  value(value: Json, place: InsertionPoint): string;
}

/** Detects the style of a text. */
export function styleOf({ text, language }: ParsedTemplate): Style {
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
        ? inOneLine(value, gap, pad)
        : JSON.stringify(value, undefined, unit).replaceAll('\n', eol + indent);
      return kind === 'map' ? gap + lines : lines;
    },
  };
}

/** Writes JSON in one line. The line breaks of the longer form are never inside a string. */
function inOneLine(value: Json, gap: string, pad: string): string {
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
    // Inside brackets, a key needs quotes for more characters.
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

/** An intrinsic in short form, which the rest of the text uses; undefined for a map that stays as it is. */
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
