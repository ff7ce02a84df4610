import * as contract from '@asa/contract';
import { pascal } from './names.ts';
import { idOf, namedSchemas, type JsonSchema as Json } from './schemas.ts';

/**
 * The contract's answers and parameters as a client in another language needs them: named objects, named choices, fields with their types.
 * Made from the JSON Schemas of the operations that take an API key. Pure.
 */

export type Shape =
  | { readonly kind: 'text' | 'integer' | 'number' | 'boolean' | 'any' }
  /** One of a fixed set of words. */
  | { readonly kind: 'choice'; readonly name: string }
  | { readonly kind: 'list' | 'map'; readonly of: Type }
  | { readonly kind: 'object'; readonly name: string }
  | { readonly kind: 'union'; readonly of: readonly Shape[] };

export interface Type {
  readonly shape: Shape;
  readonly nullable: boolean;
}

export interface Field {
  /** As on the wire. */
  readonly name: string;
  readonly type: Type;
  /** Whether the key may be missing. */
  readonly optional: boolean;
  /** One line; empty when the contract says nothing. */
  readonly about: string;
}

export interface Entity {
  readonly name: string;
  readonly about: string;
  readonly fields: readonly Field[];
  /** Whether it is the whole body of an answer. */
  readonly answer: boolean;
}

export interface Choice {
  readonly name: string;
  readonly values: readonly string[];
}

/** The parameters of one operation; every one is optional but `required`. */
export interface Params {
  readonly name: string;
  readonly about: string;
  readonly fields: readonly (Field & { readonly required: boolean })[];
}

export interface Model {
  readonly entities: readonly Entity[];
  readonly choices: readonly Choice[];
  readonly params: readonly Params[];
}

/** What the clients call a schema, where it is not the contract's name without `Answer`. */
const NAMES: Readonly<Record<string, string>> = {
  SearchAnswer: 'SearchResult',
  TraceListAnswer: 'RequestList',
  TraceSummary: 'RequestSummary',
  ProductAvailability: 'Availability',
  ProductPageState: 'PageState',
  ProductNoPriceReason: 'NoPriceReason',
  SearchResultSortBy: 'SortBy',
  AttemptVerdict: 'Verdict',
  NewBatchEndpoint: 'BatchEndpoint',
  BatchSummaryStatus: 'BatchStatus',
  BatchSummaryWebhookDeliveryStatus: 'BatchWebhookStatus',
  BatchResultStatus: 'ResultStatus',
};
/** Fields about which the clients know more than their schema says: `data` is the answer of the item's endpoint. */
const UNIONS: Readonly<Record<string, readonly string[]>> = { 'BatchResult.data': ['ProductAnswer', 'SearchAnswer'] };
/** Operations whose parameters have a type of their own. */
const WITH_PARAMS = ['product', 'search'];
/** Choices of parameters that stay plain text: long lists, in which a newer service may know more. */
const PLAIN = ['domain', 'language'];

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const words = (value: unknown): string[] => (Array.isArray(value) ? value.filter((v) => typeof v === 'string') : []);

/** `reviews` -> `Review`, for the name of one of them. */
const one = (name: string): string => name.replace(/ies$/, 'y').replace(/s$/, '');
const nameOf = (id: string): string => NAMES[id] ?? id.replace(/Answer$/, '');

/** Reads the whole contract. @throws Error when a schema has a form that the clients have no words for. */
export function readModel(): Model {
  const schemas = namedSchemas('output');
  const entities = new Map<string, Entity>();
  const choices = new Map<string, Choice>();
  const answers = new Set<string>();
  const answer = (id: string): void => {
    answers.add(nameOf(id));
    shapeOf({ $ref: `#${id}` }, id, id);
  };

  const choice = (name: string, values: readonly string[]): Shape => {
    const isErrorCode = values.join() === contract.ERROR_CODES.join();
    const same = [...choices.values()].find((known) => known.values.join() === values.join());
    const chosen = same ?? { name: isErrorCode ? 'ErrorCode' : nameOf(name), values };
    if (same === undefined && choices.has(chosen.name))
      throw new Error(`two different choices are named ${chosen.name}; give one of them another name in NAMES`);
    choices.set(chosen.name, chosen);
    return { kind: 'choice', name: chosen.name };
  };

  const entity = (name: string, schema: Json): Shape => {
    if (!entities.has(name)) {
      const required = words(schema['required']);
      entities.set(name, { name, about: about(schema), fields: [], answer: false }); // Known before its fields are read: it may contain itself.
      const fields = Object.entries(isJson(schema['properties']) ? schema['properties'] : {}).map(
        ([key, value]): Field => {
          if (!isJson(value)) throw new Error(`${name}.${key} has no schema`);
          return {
            name: key,
            type: fieldType(name, key, value),
            optional: !required.includes(key),
            about: about(value),
          };
        },
      );
      entities.set(name, { name, about: about(schema), fields, answer: answers.has(name) });
    }
    return { kind: 'object', name };
  };

  const fieldType = (owner: string, key: string, schema: Json): Type => {
    const type = typeOf(schema, `${owner}${pascal(key)}`, `${owner}${pascal(one(key))}`);
    const union = UNIONS[`${owner}.${key}`]?.map((id) => shapeOf({ $ref: `#${id}` }, id, id));
    return union === undefined ? type : { shape: { kind: 'union', of: union }, nullable: type.nullable };
  };

  const typeOf = (schema: Json, name: string, itemName = name): Type => {
    const parts = alternatives(schema);
    const shapes = parts.filter((part) => part['type'] !== 'null').map((part) => shapeOf(part, name, itemName));
    const [first] = shapes;
    if (first === undefined) throw new Error(`${name} can only be null`);
    return {
      shape: shapes.length === 1 ? first : { kind: 'union', of: shapes },
      nullable: shapes.length < parts.length,
    };
  };

  const shapeOf = (schema: Json, name: string, itemName: string): Shape => {
    const ref = schema['$ref'];
    if (typeof ref === 'string') {
      const id = ref.replace(/^#/, '');
      const target = schemas[id];
      if (target === undefined) throw new Error(`${name} refers to ${ref}, which is not there`);
      return shapeOf(target, nameOf(id), nameOf(id));
    }
    if (Array.isArray(schema['enum'])) return choice(name, words(schema['enum']));
    if (typeof schema['const'] === 'string') return choice(name, [schema['const']]);
    const { items, additionalProperties: rest } = schema;
    switch (schema['type']) {
      case 'string':
        return { kind: 'text' };
      case 'integer':
        return { kind: 'integer' };
      case 'number':
        return { kind: 'number' };
      case 'boolean':
        return { kind: 'boolean' };
      case 'array':
        return { kind: 'list', of: isJson(items) ? typeOf(items, itemName) : ANY };
      case 'object':
        if (isJson(schema['properties'])) return entity(name, schema);
        return { kind: 'map', of: isJson(rest) && Object.keys(rest).length > 0 ? typeOf(rest, itemName) : ANY };
      case undefined:
        return { kind: 'any' };
      default:
        throw new Error(`${name} has the type ${JSON.stringify(schema['type'])}`);
    }
  };

  const params: Params[] = [];
  for (const operation of contract.OPERATIONS.filter(({ auth }) => auth === 'key')) {
    const { schema } = operation.success;
    if (schema !== null) {
      const id = idOf(schema);
      if (id === undefined) throw new Error(`the answer of ${operation.id} is not exported by name`);
      answer(id);
    }
    if (WITH_PARAMS.includes(operation.id))
      params.push({
        name: `${pascal(operation.id)}Params`,
        about: operation.summary,
        fields: Object.entries(operation.params ?? {})
          .filter(([, spec]) => !spec.about.startsWith('Another name of'))
          .map(([name, spec]) => {
            const { enum: values, ...plain } = spec.schema;
            const type = typeOf(
              PLAIN.includes(name) ? plain : { ...plain, ...(values === undefined ? {} : { enum: values }) },
              pascal(name),
            );
            return { name, type, optional: !spec.required, required: spec.required, about: oneLine(spec.about) };
          }),
      });
  }
  return {
    entities: [...entities.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    choices: [...choices.values()],
    params,
  };
}

const ANY: Type = { shape: { kind: 'any' }, nullable: false };

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
const about = (schema: Json): string =>
  typeof schema['description'] === 'string' ? oneLine(schema['description']) : '';

/** `anyOf` and `type: [a, b]` alike, one schema per alternative. */
function alternatives(schema: Json): readonly Json[] {
  const anyOf = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(anyOf)) return anyOf.filter(isJson).flatMap(alternatives);
  const { type } = schema;
  return Array.isArray(type) ? words(type).map((each) => ({ ...schema, type: each })) : [schema];
}
