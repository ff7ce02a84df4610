import { z } from 'zod';
import { NextCursor, RequestId, Time } from './list.ts';

/** A ticket: one way in which pages of one marketplace could not be read (contract section 10). */

const text = z.string();

export const TICKET_STATES = ['open', 'closed'] as const;
export type TicketState = (typeof TICKET_STATES)[number];

export const Ticket = z.object({
  id: text,
  state: z.enum(TICKET_STATES).describe('A closed ticket opens again when the same failure comes back.'),
  marketplace: text.describe('Domain of the marketplace, for example `co.uk`.'),
  page_kind: text.describe('`product` or `search`.'),
  fingerprint: text.describe('What failed; the same failure has the same fingerprint.'),
  count: z.int().positive().describe('How often it happened.'),
  first_seen: Time,
  last_seen: Time,
  request_ids: z.array(text).describe('The last 20 requests that met it, newest first.'),
  note: text.describe('What the operator wrote; empty at first.'),
});
export type Ticket = z.infer<typeof Ticket>;

/** `GET` and `PATCH /admin/v1/tickets/{id}` */
export const TicketAnswer = Ticket.extend({ request_id: RequestId });
/** `GET /admin/v1/tickets` */
export const TicketListAnswer = z.object({
  request_id: RequestId,
  tickets: z.array(Ticket).describe('By their first failure, newest first.'),
  next_cursor: NextCursor,
});
