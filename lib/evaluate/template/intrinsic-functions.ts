import ipaddr from 'ipaddr.js';
import type { Json } from '../../model/control.ts';
import { isList, isObject } from '../../model/json.ts';
import { firstUnresolved } from '../unresolved.ts';
import { intrinsic, isKnownScalar, isUnresolved } from './template.ts';

/**
 * Evaluates an intrinsic function, with its argument resolved and as written; undefined if the value is unresolved or the
 * argument is invalid.
 */
type Call = (argument: Json, written: Json) => Json | undefined;

/** The intrinsic functions that depend on their argument only. */
export const functions: { readonly [name: string]: Call } = Object.assign(Object.create(null), {
  'Fn::Base64': (text: Json) => (isKnownScalar(text) ? Buffer.from(String(text)).toString('base64') : undefined),
  'Fn::Cidr': cidr,
  'Fn::Join': join,
  'Fn::Length': (list: Json, written: Json) => (isWhole(list, written) ? list.length : undefined),
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::ToJsonString': toJsonString,
} satisfies { readonly [name: string]: Call });

/** Whether a list kept all of its items: AWS does not document how CloudFormation counts removed ones. */
const isWhole = (list: Json | undefined, written: Json | undefined): list is readonly Json[] =>
  isList(list) && (!isList(written) || written.length === list.length);

/** The functions that return a string; others may return a list. */
const SINGLE = /^(Ref|Fn::GetAtt|Fn::Sub)$/;

function join(argument: Json): Json | undefined {
  const [separator, parts] = isList(argument) ? argument : [];
  if (typeof separator !== 'string' || !isList(parts)) return undefined;
  if (parts.length === 1 && intrinsic(parts[0])?.name.match(SINGLE)) return parts[0]; // a single string is joined to nothing
  return parts.every(isKnownScalar) ? parts.join(separator) : undefined;
}

function select(argument: Json, written: Json): Json | undefined {
  const [index, list] = isList(argument) ? argument : [];
  if (!isKnownScalar(index) || !/^\d+$/.test(String(index))) return undefined;
  return isWhole(list, isList(written) ? written[1] : undefined) ? list[Number(index)] : undefined;
}

function split(argument: Json): Json | undefined {
  const [separator, text] = isList(argument) ? argument : [];
  if (typeof separator !== 'string' || separator === '' || !isKnownScalar(text)) return undefined;
  return String(text).split(separator);
}

function toJsonString(value: Json): Json | undefined {
  const isWritten = isList(value) || (isObject(value) && !isUnresolved(value));
  return isWritten && firstUnresolved(value) === undefined ? JSON.stringify(value) : undefined;
}

/** Splits an address range into `count` blocks with `bits` host bits each. */
function cidr(argument: Json): Json | undefined {
  const [block, count, bits = 0] = isList(argument) ? argument : [];
  if (typeof block !== 'string' || !ipaddr.isValidCIDR(block) || !isKnownScalar(count) || !isKnownScalar(bits))
    return undefined;
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
