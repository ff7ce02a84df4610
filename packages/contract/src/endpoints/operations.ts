import { z } from 'zod';
import { AccountAnswer, KeyAnswer, KeyListAnswer, NewKeyAnswer, RotatedKeyAnswer } from '../items/account.ts';
import { AlertListAnswer, AlertWebhookAnswer, AlertWebhookBody } from '../items/budget.ts';
import { LedgerPageAnswer } from '../items/ledger.ts';
import { ReconciliationAnswer, RefundsAnswer, RefundsBody } from '../items/reconciliation.ts';
import { TicketAnswer, TicketListAnswer } from '../items/ticket.ts';
import { PaymentWebhookAnswer, TopUpListAnswer } from '../items/top-up.ts';
import { Trace, TraceListAnswer } from '../items/trace.ts';
import { CreditsAnswer, LedgerAnswer, WorkspaceAnswer, WorkspaceListAnswer } from '../items/workspace.ts';
import { BATCH_OPERATIONS } from './batch-operations.ts';
import { EstimateAnswer, EstimateBody } from './estimate.ts';
import {
  CreateKeyBody,
  CreateWorkspaceBody,
  CreditsBody,
  PatchKeyBody,
  PatchTicketBody,
  PatchWorkspaceBody,
  RotateKeyBody,
} from './admin.ts';
import { ADMIN_REQUEST_LIST_PARAMS, LIST_PARAMS, REQUEST_LIST_PARAMS, TICKET_LIST_PARAMS } from './lists.ts';
import {
  ADMIN_REQUEST_LIST_PARAMS,
  LIST_PARAMS,
  REQUEST_LIST_PARAMS,
  TICKET_LIST_PARAMS,
  LEDGER_PARAMS,
  RECONCILIATION_PARAMS,
} from './lists.ts';
import { RECEIPT_KEYS_PATH, ReceiptKeyAnswer, ReceiptKeysAnswer } from '../receipts.ts';
import { OF_A_FETCH, PAGE_HEADERS, RATE_HEADERS, WITH_ADMIN_TOKEN, WITH_KEY, type Operation } from './operation.ts';
import { PRODUCT_PARAMS, ProductAnswer } from './product.ts';
import { SEARCH_PARAMS, SearchAnswer } from './search.ts';

const Health = z.object({ request_id: z.string(), status: z.string() });
/** Whether the ceilings of keys hold over all nodes. */
export const LIMITS_HOLD = ['one_node', 'shared', 'per_node'] as const;
const Ready = Health.extend({
  limits: z
    .enum(LIMITS_HOLD)
    .describe(
      'How the rate and concurrency of a key are counted: `one_node` (nothing is shared, by the settings), `shared` over all nodes, or `per_node` for now, because Redis does not answer.',
    ),
});
const ID = { id: 'Id of the workspace.' };

/** An admin operation: the same key and the same errors everywhere. */
const admin = (operation: Omit<Operation, 'auth' | 'errors'> & { readonly canBeUnknown?: boolean }): Operation => {
  const { canBeUnknown, ...rest } = operation;
  return {
    ...rest,
    auth: 'admin',
    errors: [...WITH_ADMIN_TOKEN, ...(canBeUnknown === true ? (['not_found'] as const) : [])],
  };
};

/** Every operation of the service (contract sections 1 and 10). The OpenAPI document and its tests read this list. */
export const OPERATIONS: readonly Operation[] = [
  {
    id: 'product',
    method: 'GET',
    path: '/api/v1/amazon/product',
    auth: 'key',
    summary: 'One product page as JSON.',
    params: PRODUCT_PARAMS,
    success: { status: 200, schema: ProductAnswer },
    headers: PAGE_HEADERS,
    errors: [...WITH_KEY, ...OF_A_FETCH, 'asin_mismatch', 'generic_gallery_page'],
  },
  {
    id: 'search',
    method: 'GET',
    path: '/api/v1/amazon/search',
    auth: 'key',
    summary: 'One to ten result pages as JSON.',
    params: SEARCH_PARAMS,
    success: { status: 200, schema: SearchAnswer },
    headers: PAGE_HEADERS,
    errors: [...WITH_KEY, ...OF_A_FETCH],
  },
  ...BATCH_OPERATIONS,
  {
    id: 'estimate',
    method: 'POST',
    path: '/api/v1/estimate',
    auth: 'key',
    summary: 'What a request or a batch would cost at most, and whether it could be paid for. Free.',
    body: EstimateBody,
    success: { status: 200, schema: EstimateAnswer },
    headers: RATE_HEADERS,
    errors: [...WITH_KEY, 'not_implemented', 'forbidden_region'],
  },
  {
    id: 'account',
    method: 'GET',
    path: '/api/v1/account',
    auth: 'key',
    summary: 'Plan, credits, ceilings, keys and usage of the workspace.',
    success: { status: 200, schema: AccountAnswer },
    headers: RATE_HEADERS,
    errors: WITH_KEY,
  },
  {
    id: 'listRequests',
    method: 'GET',
    path: '/api/v1/requests',
    auth: 'key',
    summary: "The workspace's own requests, newest first.",
    params: REQUEST_LIST_PARAMS,
    success: { status: 200, schema: TraceListAnswer },
    headers: RATE_HEADERS,
    errors: WITH_KEY,
  },
  {
    id: 'getRequest',
    method: 'GET',
    path: '/api/v1/requests/{request_id}',
    auth: 'key',
    summary: 'The full trace of one request, readable as soon as its answer has arrived.',
    pathParams: { request_id: 'Id of the request.' },
    success: { status: 200, schema: Trace },
    headers: RATE_HEADERS,
    errors: [...WITH_KEY, 'not_found'],
  },
  {
    id: 'ledger',
    method: 'GET',
    path: '/api/v1/ledger',
    auth: 'key',
    summary: "The workspace's ledger: every credit granted, held, taken and given back, as a hash chain.",
    params: LEDGER_PARAMS,
    success: { status: 200, schema: LedgerPageAnswer },
    headers: RATE_HEADERS,
    errors: WITH_KEY,
  },
  {
    id: 'healthz',
    method: 'GET',
    path: '/healthz',
    auth: 'none',
    summary: 'The process answers.',
    success: { status: 200, schema: Health },
    errors: [],
  },
  {
    id: 'readyz',
    method: 'GET',
    path: '/readyz',
    auth: 'none',
    summary: 'The service can take requests.',
    success: { status: 200, schema: Ready },
    errors: ['capacity'],
  },
  {
    id: 'metrics',
    method: 'GET',
    path: '/metrics',
    auth: 'none',
    summary: 'Prometheus metrics.',
    success: { status: 200, schema: null, contentType: 'text/plain' },
    headers: [],
    errors: ['internal_error'],
  },
  {
    id: 'receiptKeys',
    method: 'GET',
    path: RECEIPT_KEYS_PATH,
    auth: 'none',
    summary: 'Public keys that receipts are checked with, as a JWK set; the one in use first.',
    success: { status: 200, schema: ReceiptKeysAnswer },
    errors: ['internal_error', 'capacity'],
  },
  {
    id: 'paymentWebhook',
    method: 'POST',
    path: '/webhooks/payments/{provider}',
    auth: 'none',
    summary: 'What the payment provider tells of a payment; signed by it.',
    pathParams: { provider: 'Name of the provider.' },
    success: { status: 200, schema: PaymentWebhookAnswer },
    errors: ['invalid_params', 'unauthorized', 'not_found', 'internal_error', 'capacity'],
  },
  admin({
    id: 'rotateReceiptKey',
    method: 'POST',
    path: '/admin/v1/receipt-keys',
    summary: 'Put a new key for receipts into use; old receipts can still be checked.',
    success: { status: 201, schema: ReceiptKeyAnswer },
  }),
  admin({
    id: 'createWorkspace',
    method: 'POST',
    path: '/admin/v1/workspaces',
    summary: 'Make a workspace.',
    body: CreateWorkspaceBody,
    success: { status: 201, schema: WorkspaceAnswer },
  }),
  admin({
    id: 'listWorkspaces',
    method: 'GET',
    path: '/admin/v1/workspaces',
    summary: 'All workspaces.',
    params: LIST_PARAMS,
    success: { status: 200, schema: WorkspaceListAnswer },
  }),
  admin({
    id: 'getWorkspace',
    method: 'GET',
    path: '/admin/v1/workspaces/{id}',
    summary: 'One workspace.',
    pathParams: ID,
    success: { status: 200, schema: WorkspaceAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'patchWorkspace',
    method: 'PATCH',
    path: '/admin/v1/workspaces/{id}',
    summary: 'Change its plan, name, ceilings, auto-top-up or budgets.',
    pathParams: ID,
    body: PatchWorkspaceBody,
    success: { status: 200, schema: WorkspaceAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'addCredits',
    method: 'POST',
    path: '/admin/v1/workspaces/{id}/credits',
    summary: 'Add or take credits. `Idempotency-Key` is honoured.',
    pathParams: ID,
    body: CreditsBody,
    success: { status: 201, schema: CreditsAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'listLedger',
    method: 'GET',
    path: '/admin/v1/workspaces/{id}/ledger',
    summary: 'Its ledger, newest entry first.',
    pathParams: ID,
    params: LIST_PARAMS,
    success: { status: 200, schema: LedgerAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'listAlerts',
    method: 'GET',
    path: '/admin/v1/workspaces/{id}/alerts',
    summary: 'What was told of its budgets, newest first.',
    pathParams: ID,
    params: LIST_PARAMS,
    success: { status: 200, schema: AlertListAnswer },
    canBeUnknown: true,
  }),
  ...(
    [
      ['setAlertWebhook', 'POST', '', 'Set where alerts are sent to; a new address answers its secret, once.', 201],
      ['getAlertWebhook', 'GET', '', 'Where alerts are sent to.', 200],
      [
        'rotateAlertSecret',
        'POST',
        '/rotate',
        'A new secret; for a day deliveries are signed with the old one, too.',
        201,
      ],
      ['removeAlertWebhook', 'DELETE', '', 'Send alerts nowhere any more.', 200],
    ] as const
  ).map(([id, method, tail, summary, status]) =>
    admin({
      id,
      method,
      path: `/admin/v1/workspaces/{id}/alert-webhook${tail}`,
      summary,
      pathParams: ID,
      ...(id === 'setAlertWebhook' ? { body: AlertWebhookBody } : {}),
      success: { status, schema: AlertWebhookAnswer },
      canBeUnknown: true,
    }),
  ),
  admin({
    id: 'listTopUps',
    method: 'GET',
    path: '/admin/v1/workspaces/{id}/top-ups',
    summary: 'Its automatic top-ups, newest first.',
    pathParams: ID,
    params: LIST_PARAMS,
    success: { status: 200, schema: TopUpListAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'createKey',
    method: 'POST',
    path: '/admin/v1/workspaces/{id}/keys',
    summary: 'Make a key; it is shown in full only here.',
    pathParams: ID,
    body: CreateKeyBody,
    success: { status: 201, schema: NewKeyAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'listKeys',
    method: 'GET',
    path: '/admin/v1/workspaces/{id}/keys',
    summary: 'Its keys.',
    pathParams: ID,
    success: { status: 200, schema: KeyListAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'patchKey',
    method: 'PATCH',
    path: '/admin/v1/keys/{id}',
    summary: 'Change the name or the budgets of a key.',
    pathParams: { id: 'Id of the key.' },
    body: PatchKeyBody,
    success: { status: 200, schema: KeyAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'rotateKey',
    method: 'POST',
    path: '/admin/v1/keys/{id}/rotate',
    summary: 'Replace a key: a new one with its name, mode and budgets, while the old one goes on working for a time.',
    pathParams: { id: 'Id of the key.' },
    body: RotateKeyBody,
    success: { status: 201, schema: RotatedKeyAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'revokeKey',
    method: 'DELETE',
    path: '/admin/v1/keys/{id}',
    summary: 'Revoke a key.',
    pathParams: { id: 'Id of the key.' },
    success: { status: 200, schema: KeyAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'adminListRequests',
    method: 'GET',
    path: '/admin/v1/requests',
    summary: 'Requests of all workspaces, newest first.',
    params: ADMIN_REQUEST_LIST_PARAMS,
    success: { status: 200, schema: TraceListAnswer },
  }),
  admin({
    id: 'adminGetRequest',
    method: 'GET',
    path: '/admin/v1/requests/{request_id}',
    summary: 'The full trace of any request.',
    pathParams: { request_id: 'Id of the request.' },
    success: { status: 200, schema: Trace },
    canBeUnknown: true,
  }),
  admin({
    id: 'listTickets',
    method: 'GET',
    path: '/admin/v1/tickets',
    summary: 'Pages that could not be read, one ticket per kind of failure.',
    params: TICKET_LIST_PARAMS,
    success: { status: 200, schema: TicketListAnswer },
  }),
  admin({
    id: 'getTicket',
    method: 'GET',
    path: '/admin/v1/tickets/{id}',
    summary: 'One ticket.',
    pathParams: { id: 'Id of the ticket.' },
    success: { status: 200, schema: TicketAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'patchTicket',
    method: 'PATCH',
    path: '/admin/v1/tickets/{id}',
    summary: 'Close or reopen it, or note something.',
    pathParams: { id: 'Id of the ticket.' },
    body: PatchTicketBody,
    success: { status: 200, schema: TicketAnswer },
    canBeUnknown: true,
  }),
  admin({
    id: 'getTicketPage',
    method: 'GET',
    path: '/admin/v1/tickets/{id}/page',
    summary: 'The latest page of the ticket.',
    pathParams: { id: 'Id of the ticket.' },
    success: { status: 200, schema: null, contentType: 'text/html' },
    headers: [],
    canBeUnknown: true,
  }),
  admin({
    id: 'reconciliation',
    method: 'GET',
    path: '/admin/v1/reconciliation',
    summary: 'What was paid for beside what was answered.',
    params: RECONCILIATION_PARAMS,
    success: { status: 200, schema: ReconciliationAnswer },
  }),
  admin({
    id: 'refundDoubtful',
    method: 'POST',
    path: '/admin/v1/reconciliation/refunds',
    summary: 'Refund requests that were paid for and are not known to have been answered.',
    body: RefundsBody,
    success: { status: 201, schema: RefundsAnswer },
  }),
];
