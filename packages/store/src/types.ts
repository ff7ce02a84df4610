import { types } from 'pg';
import type { CustomTypesConfig } from 'pg';

// PostgreSQL's numbers of the types that we read in our own way (pg_type.dat).
const INT8 = 20;
const DATE = 1082;
const INT8_ARRAY = 1016;

type Parser = (text: string) => unknown;
// The array types are known too, though the declared enumeration lists only the plain ones.
const standard = types.getTypeParser as (oid: number, format: 'text' | 'binary') => Parser;

/**
 * How column values arrive: `int8` as a JS number while it is exact, as a `bigint` beyond 2^53 (which fails loudly in arithmetic with
 * numbers and in JSON instead of being wrong), `date` as its text (pg would make it a Date at local midnight), all else as pg does it:
 * `timestamptz` is a Date, `json` its value.
 */
export const columnTypes: CustomTypesConfig = { getTypeParser: parserOf as typeof types.getTypeParser };

function parserOf(oid: number, format: 'text' | 'binary' = 'text'): Parser {
  if (format === 'text') {
    if (oid === INT8) return parseInt8;
    if (oid === DATE) return (text) => text;
    if (oid === INT8_ARRAY) return parseInt8Array;
  }
  return standard(oid, format);
}

function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

// The standard parser takes the braces apart (of arrays of arrays too); what is no exact number it leaves as text.
function parseInt8Array(text: string): unknown {
  const deep = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(deep);
    return typeof value === 'string' ? parseInt8(value) : value;
  };
  return deep(standard(INT8_ARRAY, 'text')(text));
}
