import * as contract from '@asa/contract';
import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Every named schema that the contract exports. */
const EXPORTED: readonly (readonly [string, z.ZodType])[] = Object.entries(contract).flatMap(
  ([name, value]: [string, unknown]) =>
    value instanceof z.ZodObject || value instanceof z.ZodEnum ? [[name, value] as const] : [],
);

/** The name under which the contract exports a schema. */
export const idOf = (schema: z.ZodType): string | undefined => EXPORTED.find(([, value]) => value === schema)?.[0];

/** The JSON Schemas of all of them; `$ref` is `#` and a name. */
export function namedSchemas(io: 'input' | 'output'): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of EXPORTED) registry.add(schema, { id });
  return z.toJSONSchema(registry, { io, unrepresentable: 'any', uri: (id) => `#${id}` }).schemas;
}
