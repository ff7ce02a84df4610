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

/** An opaque cursor: the name of its list and the position of the last row that was read. */
export const encodeCursor = (list: string, position: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify([list, ...position])).toString('base64url');

/**
 * The position in a cursor that `encodeCursor` made for the same list; null for the first page.
 * @throws ApiError `invalid_params` that names the cursor when it is not one of this list.
 */
export function decodeCursor<T extends readonly (string | number)[]>(
  list: string,
  position: z.ZodType<T>,
  cursor: string | null,
): T | null {
  if (cursor === null) return null;
  const parts = parse(cursor);
  const read = position.safeParse(parts.slice(1));
  if (parts[0] === list && read.success) return read.data;
  throw new ApiError('invalid_params', `cursor ${quote(cursor)} is not a next_cursor of this list.`);
}

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
