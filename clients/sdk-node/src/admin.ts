import { randomUUID } from 'node:crypto';
import type {
  AdminListRequestsParams,
  CreateKeyBody,
  CreateWorkspaceBody,
  CreditsAnswer,
  CreditsBody,
  KeyAnswer,
  KeyListAnswer,
  LedgerAnswer,
  ListLedgerParams,
  ListTicketsParams,
  ListWorkspacesParams,
  NewKeyAnswer,
  PatchTicketBody,
  PatchWorkspaceBody,
  TicketAnswer,
  TicketListAnswer,
  Trace,
  TraceListAnswer,
  WorkspaceAnswer,
  WorkspaceListAnswer,
} from './generated/types.ts';
import type { CallOptions } from './options.ts';
import type { Call } from './promise.ts';
import { get, part, send, type WireRequest } from './wire.ts';

const ADMIN = '/admin/v1';
const workspace = (id: string): string => `${ADMIN}/workspaces/${part('id', id)}`;

/** The admin API of a service of one's own. Reached as `new AmazonScraperAPI(adminToken).admin`. */
export class AdminAPI {
  readonly #call: <T>(request: WireRequest, options?: CallOptions) => Call<T>;

  /** @internal made by the client */
  constructor(call: <T>(request: WireRequest, options?: CallOptions) => Call<T>) {
    this.#call = call;
  }

  /** Makes a workspace. Not sent again when nobody knows whether it arrived. */
  createWorkspace(body: CreateWorkspaceBody, options?: CallOptions): Call<WorkspaceAnswer> {
    return this.#call(send('POST', `${ADMIN}/workspaces`, body), options);
  }

  /** All workspaces, page by page. */
  listWorkspaces(params: ListWorkspacesParams = {}, options?: CallOptions): Call<WorkspaceListAnswer> {
    return this.#call(get(`${ADMIN}/workspaces`, params), options);
  }

  /** One workspace. */
  getWorkspace(id: string, options?: CallOptions): Call<WorkspaceAnswer> {
    return this.#call(get(workspace(id)), options);
  }

  /** Changes its plan, name, ceilings or auto-top-up. */
  patchWorkspace(id: string, body: PatchWorkspaceBody, options?: CallOptions): Call<WorkspaceAnswer> {
    return this.#call(send('PATCH', workspace(id), body), options);
  }

  /** Adds credits, or takes some with a negative amount. It carries an idempotency key, so that sending it again adds nothing twice. */
  addCredits(
    id: string,
    body: CreditsBody,
    options: CallOptions & { readonly idempotencyKey?: string } = {},
  ): Call<CreditsAnswer> {
    const { idempotencyKey = randomUUID(), ...call } = options;
    return this.#call(send('POST', `${workspace(id)}/credits`, body, { idempotencyKey }), call);
  }

  /** Its ledger, newest entry first. */
  ledger(id: string, params: ListLedgerParams = {}, options?: CallOptions): Call<LedgerAnswer> {
    return this.#call(get(`${workspace(id)}/ledger`, params), options);
  }

  /** Makes a key; the answer is the only one that shows it in full. Not sent again when nobody knows whether it arrived. */
  createKey(id: string, body: CreateKeyBody, options?: CallOptions): Call<NewKeyAnswer> {
    return this.#call(send('POST', `${workspace(id)}/keys`, body), options);
  }

  /** The keys of a workspace. */
  listKeys(id: string, options?: CallOptions): Call<KeyListAnswer> {
    return this.#call(get(`${workspace(id)}/keys`), options);
  }

  /** Revokes a key. */
  revokeKey(id: string, options?: CallOptions): Call<KeyAnswer> {
    return this.#call(send('DELETE', `${ADMIN}/keys/${part('id', id)}`), options);
  }

  /** The full trace of any request. */
  request(requestId: string, options?: CallOptions): Call<Trace> {
    return this.#call(get(`${ADMIN}/requests/${part('requestId', requestId)}`), options);
  }

  /** Requests of all workspaces, newest first. */
  requests(params: AdminListRequestsParams = {}, options?: CallOptions): Call<TraceListAnswer> {
    return this.#call(get(`${ADMIN}/requests`, params), options);
  }

  /** Pages that could not be read, one ticket per kind of failure. */
  listTickets(params: ListTicketsParams = {}, options?: CallOptions): Call<TicketListAnswer> {
    return this.#call(get(`${ADMIN}/tickets`, params), options);
  }

  /** One ticket. */
  getTicket(id: string, options?: CallOptions): Call<TicketAnswer> {
    return this.#call(get(`${ADMIN}/tickets/${part('id', id)}`), options);
  }

  /** Closes or reopens a ticket, or notes something. */
  patchTicket(id: string, body: PatchTicketBody, options?: CallOptions): Call<TicketAnswer> {
    return this.#call(send('PATCH', `${ADMIN}/tickets/${part('id', id)}`, body), options);
  }
}
