import { z } from 'zod';

/** A JSON Schema as z.toJSONSchema writes it: what the tables need of it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
}

export const schemaOf = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' }) as Schema;

/** Its type in few words: `number or null`, `list of {rank, category}`. */
export function typeName(schema: Schema): string {
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeName).join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((word) => `\`${word}\``).join(' ');
  if (schema.type === 'array') return `list of ${typeName(schema.items ?? {})}`;
  if (schema.type === 'object') {
    if (schema.properties !== undefined) return 'object';
    const { additionalProperties } = schema;
    return `map of ${typeof additionalProperties === 'object' ? typeName(additionalProperties) : 'values'}`;
  }
  return String(schema.type ?? 'any');
}

/** The object inside a schema: itself, of a list or of a nullable; or null. */
export function objectIn(schema: Schema): Readonly<Record<string, Schema>> | null {
  if (schema.properties !== undefined) return schema.properties;
  if (schema.type === 'array' && schema.items !== undefined) return objectIn(schema.items);
  for (const option of schema.anyOf ?? []) {
    const found = objectIn(option);
    if (found !== null) return found;
  }
  return null;
}
