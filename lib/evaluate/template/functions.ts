import ipaddr from 'ipaddr.js';
import type { Json } from '../../model/control.ts';
import { isList, isObject } from '../../model/json.ts';
import { firstUnresolved } from '../unresolved.ts';
import { intrinsic, isText, isUnresolved } from './template.ts';

/**
 * What an intrinsic function of CloudFormation makes of its argument, given resolved and as it was written; undefined
 * where that is known only at deployment, or where the argument is none that it takes.
 */
type Call = (argument: Json, written: Json) => Json | undefined;

/** The functions that need nothing but their argument. */
export const functions: { readonly [name: string]: Call } = Object.assign(Object.create(null), {
  'Fn::Base64': (text: Json) => (isText(text) ? Buffer.from(String(text)).toString('base64') : undefined),
  'Fn::Cidr': cidr,
  'Fn::Join': join,
  'Fn::Length': (list: Json, written: Json) => (isWhole(list, written) ? list.length : undefined),
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::ToJsonString': toJsonString,
} satisfies { readonly [name: string]: Call });

/** Whether nothing has fallen out of a list: what CloudFormation counts then is not documented. */
const isWhole = (list: Json | undefined, written: Json | undefined): list is readonly Json[] =>
  isList(list) && (!isList(written) || written.length === list.length);

/** What gives one text; of other functions it may be a list. */
const SINGLE = /^(Ref|Fn::GetAtt|Fn::Sub)$/;

function join(argument: Json): Json | undefined {
  const [separator, parts] = isList(argument) ? argument : [];
  if (typeof separator !== 'string' || !isList(parts)) return undefined;
  if (parts.length === 1 && intrinsic(parts[0])?.name.match(SINGLE)) return parts[0]; // nothing is joined to it
  return parts.every(isText) ? parts.join(separator) : undefined;
}

function select(argument: Json, written: Json): Json | undefined {
  const [index, list] = isList(argument) ? argument : [];
  if (!isText(index) || !/^\d+$/.test(String(index))) return undefined;
  return isWhole(list, isList(written) ? written[1] : undefined) ? list[Number(index)] : undefined;
}

function split(argument: Json): Json | undefined {
  const [separator, text] = isList(argument) ? argument : [];
  if (typeof separator !== 'string' || separator === '' || !isText(text)) return undefined;
  return String(text).split(separator);
}

function toJsonString(value: Json): Json | undefined {
  const isWritten = isList(value) || (isObject(value) && !isUnresolved(value));
  return isWritten && firstUnresolved(value) === undefined ? JSON.stringify(value) : undefined;
}

/** So many blocks of an address range, of so many bits for hosts each. */
function cidr(argument: Json): Json | undefined {
  const [block, count, bits = 0] = isList(argument) ? argument : [];
  if (typeof block !== 'string' || !ipaddr.isValidCIDR(block) || !isText(count) || !isText(bits)) return undefined;
  const [address, prefix] = ipaddr.parseCIDR(block);
  const bytes = address.toByteArray();
  const length = bytes.length * 8 - Number(bits);
  const asked = Number(count);
  const room = 2 ** (length - prefix);
  if (!Number.isInteger(length) || !(asked >= 1 && asked <= 256 && asked <= room && Number(bits) > 0)) return undefined;
  const number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const first = number - (number % (1n << BigInt(bytes.length * 8 - prefix)));
  return Array.from({ length: asked }, (_each, index) => {
    const start = first + (BigInt(index) << BigInt(bits));
    const parts = bytes.map((_byte, at) => Number((start >> BigInt((bytes.length - 1 - at) * 8)) & 255n));
    return `${ipaddr.fromByteArray(parts)}/${length}`;
  });
}
