import { ERROR_CODES } from '../errors.ts';
import { isShortPrefix } from '../keys.ts';
import { TICKET_STATES } from '../items/ticket.ts';
import { choice, custom, Problem, quote, whole } from './params.ts';

/** Parameters of every list (contract sections 1 and 10). */
export const LIST_PARAMS = {
  limit: whole('limit', 1, 100, { about: 'How many rows, 1 to 100. Default 20.', example: '20' }),
  cursor: custom(
    (text) =>
      /^[\w-]{1,512}$/.test(text) ? text : new Problem(`cursor ${quote(text)} is not a next_cursor of this list`),
    { type: 'string' },
    { about: 'The `next_cursor` of the page before.' },
  ),
} as const;
export const DEFAULT_LIMIT = 20;

const status = whole('status', 100, 599, { about: 'Only requests answered with this HTTP status.', example: '422' });
const error = choice('error', ERROR_CODES, {
  about: 'Only requests answered with this error code.',
  example: 'blocked_by_amazon',
});

/** `GET /api/v1/requests` */
export const REQUEST_LIST_PARAMS = {
  ...LIST_PARAMS,
  status,
  error,
  key: custom(
    (text) =>
      isShortPrefix(text)
        ? text
        : new Problem(
            `key ${quote(text)} is not the short prefix of a key (asa_live_ or asa_test_ and 12 letters and digits)`,
          ),
    { type: 'string' },
    { about: 'Only requests made with the key of this short prefix.' },
  ),
} as const;

/** `GET /admin/v1/requests` */
export const ADMIN_REQUEST_LIST_PARAMS = {
  ...LIST_PARAMS,
  status,
  error,
  workspace: custom((text) => text, { type: 'string' }, { about: 'Only requests of the workspace with this id.' }),
} as const;

/** `GET /admin/v1/tickets` */
export const TICKET_LIST_PARAMS = {
  ...LIST_PARAMS,
  state: choice('state', TICKET_STATES, { about: 'Only tickets in this state.' }),
} as const;

/** `GET /admin/v1/reconciliation` */
export const RECONCILIATION_PARAMS = {
  hours: whole('hours', 1, 720, {
    about: 'How many hours back captures are compared with traces, 1 to 720. Default 24.',
    example: '24',
  }),
} as const;
export const DEFAULT_RECONCILIATION_HOURS = 24;

/** `GET /api/v1/ledger` */
export const LEDGER_PARAMS = {
  ...LIST_PARAMS,
  format: choice('format', ['json', 'ndjson'], {
    about:
      '`json` (default): a page of the list. `ndjson`: the whole chain, oldest first, one entry a line between a head and a tail; `asa bill verify` and `npm run verify:ledger` check such an export offline.',
    example: 'ndjson',
  }),
  after: whole('after', 0, Number.MAX_SAFE_INTEGER, {
    about: 'Only with `format=ndjson`: go on after the entry with this number.',
  }),
} as const;
