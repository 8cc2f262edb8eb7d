import { z } from 'zod';
import { evidenceSchema } from '../schema.ts';

/** A column of the evidence table in AWS Glue. */
export interface Column {
  readonly name: string;
  /** A type of Hive. */
  readonly type: string;
  readonly comment?: string;
}

type Schema = z.core.JSONSchema.JSONSchema;

/**
 * The columns of the table, from the published schema of a record. A field with one shape in all records is a struct; any other
 * field, such as a state, is a string of JSON, which the OpenX SerDe makes of any value, but Hive's own SerDe does not.
 */
export function evidenceColumns(): Column[] {
  return properties(z.toJSONSchema(evidenceSchema)).map(([name, schema]) => ({
    name: lower(name),
    type: hiveType(schema),
    ...(schema.description && { comment: schema.description.slice(0, MAX_COMMENT) }),
  }));
}

const MAX_COMMENT = 255;

/** The keys with upper-case letters, by their lower-case column; Hive knows only lower case. */
export function mixedCaseKeys(): { readonly [name: string]: string } {
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
