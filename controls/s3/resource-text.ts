import type { Json } from '../../lib/control.ts';

/** A value of a policy as text in which `${…}` stands for what a template refers to; `undefined` if it cannot be one. */
export function asText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value.includes('{{resolve:') ? undefined : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [[name, argument] = [], ...others] = Object.entries(value);
  if (others.length > 0) return undefined;
  if (name === 'Ref' && typeof argument === 'string') return `\${${argument}}`;
  if (name === 'Fn::Sub' && typeof argument === 'string') return argument;
  if (name === 'Fn::GetAtt') return attribute(argument);
  return name === 'Fn::Join' ? joined(argument) : undefined;
}

function attribute(argument: Json | undefined): string | undefined {
  const path = Array.isArray(argument) ? argument.join('.') : argument;
  return typeof path === 'string' ? `\${${path}}` : undefined;
}

function joined(argument: Json | undefined): string | undefined {
  if (!Array.isArray(argument)) return undefined;
  const [separator, parts] = argument;
  if (typeof separator !== 'string' || !Array.isArray(parts)) return undefined;
  const texts = parts.map(asText);
  return texts.includes(undefined) ? undefined : texts.join(separator);
}
