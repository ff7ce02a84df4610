import { randomUUID } from 'node:crypto';
import { AdminAPI } from './admin.ts';
import { perform, type Connection } from './call.ts';
import type {
  AccountAnswer,
  BatchAnswer,
  BatchBody,
  BatchListAnswer,
  BatchResult,
  DeliveryListAnswer,
  EstimateAnswer,
  LedgerPageAnswer,
  LedgerParams,
  ListBatchesParams,
  ListDeliveriesParams,
  ListRequestsParams,
  NewBatchAnswer,
  ProductAnswer,
  ProductParams,
  RedeliverAnswer,
  RedeliverParams,
  SearchAnswer,
  SearchParams,
  Trace,
  TraceListAnswer,
} from './generated/types.ts';
import { streamEvents, type BatchEvent, type BatchEventsOptions } from './events.ts';
import { exportLines, type LedgerLine } from './ledger-export.ts';
import { Limiter } from './limiter.ts';
import { DEFAULT_BASE_URL, realClock, settle, type CallOptions, type ClientOptions } from './options.ts';
import { pagesOf, type SearchPagesParams } from './pages.ts';
import { Call } from './promise.ts';
import { streamItems } from './results.ts';
import { waitUntilOver, type WaitOptions } from './wait.ts';
import { get, part, readBaseUrl, send, userAgentOf, type WireRequest } from './wire.ts';

const API = '/api/v1';
const BATCH = `${API}/amazon/batch`;

/** One item of a batch: the parameters of its endpoint. */
export type BatchItem<E extends BatchEndpoint = BatchEndpoint> = E extends 'amazon.product'
  ? ProductParams
  : SearchParams;
export type BatchEndpoint = BatchBody['endpoint'];
/** What a new batch is. */
export type NewBatch = {
  [E in BatchEndpoint]: Omit<BatchBody, 'endpoint' | 'items'> & { endpoint: E; items: ReadonlyArray<BatchItem<E>> };
}[BatchEndpoint];
/** The result of one item; `data` is the answer of its endpoint. */
export type BatchItemResult<E extends BatchEndpoint = BatchEndpoint> = Omit<BatchResult, 'data'> & {
  readonly data: (E extends 'amazon.product' ? ProductAnswer : SearchAnswer) | null;
};
/** What is to be estimated: the parameters of a product or a search, or a whole batch. */
export type Estimated =
  | { readonly endpoint: 'amazon.product'; readonly params: ProductParams }
  | { readonly endpoint: 'amazon.search'; readonly params: SearchParams }
  | { readonly endpoint: 'amazon.batch'; readonly params: NewBatch };
/** A batch with the results of its items. */
export type Batch = Omit<BatchAnswer, 'results'> & { readonly results?: BatchItemResult[] | undefined };

/**
 * The client of the service. One of it serves any number of calls at the same time.
 *
 * Each call retries by itself as the service wants it, and fails with an `AmazonScraperAPIError`.
 *
 * @example
 * const asa = new AmazonScraperAPI('asa_live_...', { baseUrl: 'https://asa.example' });
 * const product = await asa.product({ query: 'B0ASA00001', domain: 'de' });
 */
export class AmazonScraperAPI {
  /** The admin API; its key is the admin token in place of an API key. */
  readonly admin: AdminAPI;
  readonly #connection: Connection;

  /**
   * @param apiKey `asa_live_...` or `asa_test_...` (for `admin`: the admin token)
   * @throws TypeError when the key is missing, or an option makes no sense
   */
  constructor(apiKey: string, options: ClientOptions = {}) {
    if (typeof apiKey !== 'string' || !/^[\x21-\x7e]+$/.test(apiKey))
      throw new TypeError('apiKey is missing or has characters that no key has; give the key of your workspace');
    const { baseUrl = DEFAULT_BASE_URL, limiter = false, userAgent, clock, fetch: own, ...settings } = options;
    settle(settings); // Says now what would fail at the first call.
    const wholeClock = { ...realClock, ...clock };
    this.#connection = {
      apiKey,
      baseUrl: readBaseUrl(baseUrl),
      userAgent: userAgentOf(userAgent),
      fetch: own ?? fetch,
      clock: wholeClock,
      limiter: limiter === false ? null : new Limiter(wholeClock, limiter === true ? {} : limiter),
      settings,
    };
    this.admin = new AdminAPI((request, call) => this.#call(request, call));
  }

  /** The address of the service. */
  get baseUrl(): string {
    return this.#connection.baseUrl;
  }

  /** The ceilings that the limiter has learned; null without one. */
  get ceilings(): Limiter['ceilings'] | null {
    return this.#connection.limiter?.ceilings ?? null;
  }

  /** One product page. 5 credits. */
  product(params: ProductParams, options?: CallOptions): Call<ProductAnswer> {
    return this.#call(get(`${API}/amazon/product`, params, PAGE), options);
  }

  /** One to ten result pages in one answer. 5 credits a page. */
  search(params: SearchParams, options?: CallOptions): Call<SearchAnswer> {
    return this.#call(get(`${API}/amazon/search`, params, PAGE), options);
  }

  /**
   * Result pages one by one, as long as there are any; each is a call of its own.
   * @example
   * for await (const page of asa.searchPages({ query: 'usb c cable', maxPages: 3 })) console.log(page.products.length);
   */
  searchPages(params: SearchPagesParams, options?: CallOptions): AsyncGenerator<SearchAnswer, void, undefined> {
    return pagesOf((page) => this.search(page, options), params);
  }

  /**
   * Queues up to 1,000 items. It carries an idempotency key, so that sending it again makes no second batch.
   * `idempotencyKey`: one of the caller's own, for sending the same batch again later.
   */
  createBatch(batch: NewBatch, options: CallOptions & { readonly idempotencyKey?: string } = {}): Call<NewBatchAnswer> {
    const { idempotencyKey = randomUUID(), ...call } = options;
    return this.#call(send('POST', BATCH, batch, { idempotencyKey, takesPlace: true }), call);
  }

  /** A batch; its results are left out with `results: false`. */
  getBatch(id: string, { results, ...options }: CallOptions & { readonly results?: boolean } = {}): Call<Batch> {
    return this.#call(get(`${BATCH}/${part('id', id)}`, { results }), options);
  }

  /** Recent batches of the workspace, newest first, without results. `limit` 1 to 100; `cursor`: the `next_cursor` of the page before. */
  listBatches(params: ListBatchesParams = {}, options?: CallOptions): Call<BatchListAnswer> {
    return this.#call(get(BATCH, params), options);
  }

  /** Waits until a batch is over (`complete`, `failed` or `cancelled`), and answers it without results; read those with `batchResults`. */
  waitForBatch(id: string, options: WaitOptions = {}): Promise<Batch> {
    const path = `${BATCH}/${part('id', id)}`;
    const look = (call: CallOptions): Call<BatchAnswer> => this.#call(get(path, { results: false }), call);
    return waitUntilOver(id, look, this.#connection.clock, options) as Promise<Batch>;
  }

  /**
   * The results of a batch in the order of its items, as a stream. When it breaks it goes on where it was.
   * `timeoutMs` is the longest silence here; `deadlineMs` is none unless given.
   */
  batchResults<E extends BatchEndpoint = BatchEndpoint>(
    id: string,
    options: CallOptions = {},
  ): AsyncGenerator<BatchItemResult<E>, void, undefined> {
    const request = get(`${BATCH}/${part('id', id)}/results`, {}, { accept: 'application/x-ndjson' });
    return streamItems(this.#connection, request, options);
  }

  /**
   * What happens to a batch, as it happens: each item that ends, in that order, and the end with the batch. When the stream breaks it goes on
   * after the last event. `lastEventId`: go on after this one, of an earlier program. `timeoutMs` is the longest silence here; the service says
   * something every 15 s.
   * @example
   * for await (const { event, data } of asa.batchEvents(id)) if (event === 'item') console.log(data.index, data.status);
   */
  batchEvents(id: string, options: BatchEventsOptions = {}): AsyncGenerator<BatchEvent, void, undefined> {
    return streamEvents(this.#connection, `${BATCH}/${part('id', id)}/events`, options);
  }

  /** Cancels what has not started. */
  cancelBatch(id: string, options?: CallOptions): Call<Batch> {
    return this.#call(send('DELETE', `${BATCH}/${part('id', id)}`), options);
  }

  /** What was sent to the webhook of a batch, newest first, with every attempt and what was answered. */
  listDeliveries(id: string, params: ListDeliveriesParams = {}, options?: CallOptions): Call<DeliveryListAnswer> {
    return this.#call(get(`${BATCH}/${part('id', id)}/deliveries`, params), options);
  }

  /**
   * Sends an event of a batch to its webhook again, at once: the one of `delivery_id`, or that of `batch.completed`. The `webhook-id` stays, so
   * that a receiver that keeps those takes it for the same event, however often it comes.
   */
  redeliver(id: string, params: RedeliverParams = {}, options?: CallOptions): Call<RedeliverAnswer> {
    const path = `${BATCH}/${part('id', id)}/redeliver`;
    return this.#call(send('POST', path, undefined, { query: { ...params }, idempotent: true }), options);
  }

  /** What a request or a batch would cost at most, and whether it could be paid for now. Free; nothing is fetched. */
  estimate(what: Estimated, options?: CallOptions): Call<EstimateAnswer> {
    return this.#call(send('POST', `${API}/estimate`, what, { idempotent: true }), options);
  }

  /** A page of the workspace's ledger, newest entry first. */
  ledger(params: Pick<LedgerParams, 'limit' | 'cursor'> = {}, options?: CallOptions): Call<LedgerPageAnswer> {
    return this.#call(get(`${API}/ledger`, params), options);
  }

  /**
   * The whole ledger as a stream, oldest entry first, between a head and an end: what `createLedgerVerifier` and `asa bill verify` check.
   * `after`: only what follows on the entry with this number. @see LedgerLine
   */
  exportLedger({ after, ...options }: CallOptions & { readonly after?: number | undefined } = {}): AsyncGenerator<
    LedgerLine,
    void,
    undefined
  > {
    const request = get(`${API}/ledger`, { format: 'ndjson', after }, { accept: 'application/x-ndjson' });
    return exportLines(streamItems<LedgerLine>(this.#connection, request, options));
  }

  /** Plan, credits, ceilings, keys and usage of the workspace. */
  account(options?: CallOptions): Call<AccountAnswer> {
    return this.#call(get(`${API}/account`), options);
  }

  /** The full trace of one request: its attempts, stages and times. */
  request(requestId: string, options?: CallOptions): Call<Trace> {
    return this.#call(get(`${API}/requests/${part('requestId', requestId)}`), options);
  }

  /** The workspace's own requests, newest first. */
  requests(params: ListRequestsParams = {}, options?: CallOptions): Call<TraceListAnswer> {
    return this.#call(get(`${API}/requests`, params), options);
  }

  #call<T>(request: WireRequest, options?: CallOptions): Call<T> {
    return new Call(perform<T>(this.#connection, request, options));
  }
}

const PAGE = { takesPlace: true } as const;
