import {
  ApiError,
  decodeCursor,
  encodeCursor,
  listPage,
  quote,
  type ListPage,
  type ListQuery,
  type Ticket,
  type TicketState,
} from '@asa/contract';
import type { Store } from '@asa/store';
import { createFiling, type Failure } from './file.ts';
import { unpackPage } from './page.ts';

/** Tickets of pages that could not be read (contract section 10). Unknown ids throw ApiError `not_found`. */
export interface Tickets {
  /**
   * Files a failure: a new ticket, or one more of a known one, whose page it replaces. A closed ticket opens again, with its note: the
   * failure came back. Resolves when the ticket can be read.
   */
  file: (failure: Failure) => Promise<void>;
  /** By first failure, newest first. @throws ApiError `invalid_params` for a bad cursor */
  list: (query: ListQuery & { readonly state?: TicketState | null }) => Promise<ListPage<Ticket>>;
  get: (id: string) => Promise<Ticket>;
  /** The latest page as it was decoded. */
  page: (id: string) => Promise<Uint8Array>;
  patch: (
    id: string,
    patch: { readonly state?: TicketState | undefined; readonly note?: string | undefined },
  ) => Promise<Ticket>;
}

const LIST = 'tickets';
const COLUMNS = 'id, state, marketplace, page_kind, fingerprint, count, first_seen, last_seen, request_ids, note';

type Row = Omit<Ticket, 'first_seen' | 'last_seen'> & { first_seen: Date; last_seen: Date };

export function createTickets(store: Store, now: () => number): Tickets {
  return {
    file: createFiling(store, now),

    async list({ state = null, limit, cursor }) {
      const [at, id] = decodeCursor(LIST, ['number', 'text'], cursor) ?? [null, null];
      const rows = await store.query<Row>(
        `SELECT ${COLUMNS} FROM tickets
          WHERE ($1::text IS NULL OR state = $1) AND ($2::timestamptz IS NULL OR (first_seen, id) < ($2, $3))
          ORDER BY first_seen DESC, id DESC LIMIT $4`,
        [state, at === null ? null : new Date(at), id, limit + 1],
      );
      return listPage(rows, limit, toTicket, (row) => encodeCursor(LIST, [row.first_seen.getTime(), row.id]));
    },

    async get(id) {
      const [row] = await store.query<Row>(`SELECT ${COLUMNS} FROM tickets WHERE id = $1`, [known(id)]);
      if (row === undefined) throw noTicket(id);
      return toTicket(row);
    },

    async page(id) {
      const [row] = await store.query<{ page: Buffer }>('SELECT page FROM ticket_pages WHERE ticket_id = $1', [
        known(id),
      ]);
      if (row === undefined) throw noTicket(id);
      return unpackPage(row.page);
    },

    async patch(id, { state, note }) {
      if (note?.includes('\0') === true)
        throw new ApiError('invalid_params', `note ${quote(note)} contains a NUL byte.`);
      const [row] = await store.query<Row>(
        `UPDATE tickets SET state = COALESCE($2, state), note = COALESCE($3, note) WHERE id = $1 RETURNING ${COLUMNS}`,
        [known(id), state ?? null, note ?? null],
      );
      if (row === undefined) throw noTicket(id);
      return toTicket(row);
    },
  };
}

const noTicket = (id: string): ApiError => new ApiError('not_found', `There is no ticket ${quote(id)}.`);

/** The id, when it can be one. */
function known(id: string): string {
  if (!/^tkt_[0-9a-f]{16}$/.test(id)) throw noTicket(id);
  return id;
}

const toTicket = (row: Row): Ticket => ({
  ...row,
  first_seen: row.first_seen.toISOString(),
  last_seen: row.last_seen.toISOString(),
});
