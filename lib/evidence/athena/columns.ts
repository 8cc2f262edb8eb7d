import { z } from 'zod';
import { evidenceSchema } from '../schema.ts';

/** A column of the evidence table, as AWS Glue is told of it. */
export interface Column {
  readonly name: string;
  /** In Hive's words. */
  readonly type: string;
  readonly comment?: string;
}

type Schema = z.core.JSONSchema.JSONSchema;

/**
 * The table's columns, made of the published schema of a record. What has one shape in all records is a struct; what differs, such
 * as states, is a string that holds its JSON, which the OpenX SerDe (and not Hive's own) makes of any value.
 */
export function evidenceColumns(): Column[] {
  return properties(z.toJSONSchema(evidenceSchema)).map(([name, schema]) => ({
    name: lower(name),
    type: hiveType(schema),
    ...(schema.description && { comment: schema.description.slice(0, LONGEST_COMMENT) }),
  }));
}

const LONGEST_COMMENT = 255;

/** Keys that Hive, which knows lower case only, must be told the spelling of. */
export function spellings(): { readonly [name: string]: string } {
  const mixed = (schema: Schema): string[] =>
    properties(schema).flatMap(([name, inner]) => [...(name === lower(name) ? [] : [name]), ...mixed(inner)]);
  return Object.fromEntries(mixed(z.toJSONSchema(evidenceSchema)).map((name) => [lower(name), name]));
}

const lower = (name: string) => name.toLowerCase();

const properties = (schema: Schema): [string, Schema][] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
    typeof inner === 'object' ? [[name, inner] as [string, Schema]] : [],
  );

function hiveType(schema: Schema): string {
  if (schema.type === 'integer') return 'int';
  const fields = properties(schema).map(([name, inner]) => `${lower(name)}:${hiveType(inner)}`);
  return schema.type === 'object' && fields.length > 0 ? `struct<${fields.join(',')}>` : 'string';
}
