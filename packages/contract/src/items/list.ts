import { z } from 'zod';
import { ApiError } from '../errors.ts';
import { quote } from '../endpoints/params.ts';

/** Lists and their cursors (contract sections 1 and 10). */

export const RequestId = z.string().describe('Id of this request: `req_` and 12 hex digits.');
export const Time = z.string().describe('ISO 8601 time in UTC.');
export const NextCursor = z
  .string()
  .nullable()
  .describe('Pass it as `cursor` to read on; null when this is the end of the list.');

/** One page of a list, as the rooms hand it over. */
export interface ListPage<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** Which page of a list is wanted. */
export interface ListQuery {
  /** Rows at most. */
  readonly limit: number;
  /** The `nextCursor` of the page before; null for the first page. */
  readonly cursor: string | null;
}

/** What a cursor's position is made of, part by part. */
type Parts = readonly ('text' | 'number')[];
type Position<P extends Parts> = { -readonly [K in keyof P]: P[K] extends 'number' ? number : string };

/** An opaque cursor: the name of its list and the position of the last row that was read. */
export const encodeCursor = (list: string, position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify([list, ...position])).toString('base64url');

/**
 * The position in a cursor that `encodeCursor` made for the same list; null for the first page.
 * @param parts what the position is made of; numbers are whole.
 * @throws ApiError `invalid_params` that names the cursor when it is not one of this list.
 */
export function decodeCursor<const P extends Parts>(list: string, parts: P, cursor: string | null): Position<P> | null {
  if (cursor === null) return null;
  const [name, ...position] = parse(cursor);
  const fits =
    name === list &&
    position.length === parts.length &&
    parts.every((part, i) => (part === 'number' ? Number.isSafeInteger(position[i]) : isPlainText(position[i])));
  if (fits) return position as Position<P>;
  throw new ApiError('invalid_params', `cursor ${quote(cursor)} is not a next_cursor of this list.`);
}

/** A text that a database takes. */
const isPlainText = (value: unknown): boolean => typeof value === 'string' && !value.includes('\0');

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return []; // Not JSON: no cursor of ours, which the caller says.
  }
}

/**
 * One page out of one row more than was asked for: the extra row only tells that the list goes on.
 * @param position where a row stands in the list.
 */
export function listPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): ListPage<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toItem),
    nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null,
  };
}
