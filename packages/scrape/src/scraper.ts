import { ApiError, type AttemptRecord, type PlanName, type Target, type Verdict } from '@asa/contract';
import type { Egress, Fetched } from '@asa/egress';
import type { FieldReport, Reading } from '@asa/extract';
import type { Flights } from './flights.ts';
import { failureMessage } from './messages.ts';
import type { ReaderPool } from './reader/pool.ts';
import type { ReadResult } from './reader/task.ts';

/** Where pages of one kind of key come from: the marketplace for live keys, the built-in origin for test keys. */
export interface Source {
  readonly egress: Egress;
  /** Origin with `{domain}` in it. */
  readonly template: string;
  /** Time for all upstream work of one request, in ms. */
  readonly budgetMs: number;
  /** Pages under way, which requests for the same page share. Absent: each request is carried out for itself. */
  readonly flights?: Flights<PageOutcome>;
}

export interface ScrapeOptions {
  readonly pool: ReaderPool;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Limit of a decoded page, in bytes. */
  readonly maxPageBytes: number;
  /** For the log: an exception inside the extractor, with its stack and the page's URL. */
  readonly onBug: (url: string, stack: string) => void;
}

/** What the answer's headers and the trace say of the work, whatever came of it. */
export interface WorkFacts {
  readonly attempts: readonly AttemptRecord[];
  readonly planMs: number;
  readonly fetchMs: number;
  readonly judgeMs: number;
  readonly extractMs: number;
  readonly fields: FieldReport | null;
}

/** One page that was asked for. */
export interface PageOutcome extends Omit<WorkFacts, 'planMs'> {
  /** A page to be filed in a ticket, or null. */
  readonly ticket: Ticket | null;
  readonly result: PageSuccess | { readonly ok: false; readonly error: ApiError };
}

export interface PageSuccess {
  readonly ok: true;
  readonly reading: Reading;
  readonly html: string | null;
  readonly fetched: Pick<Fetched, 'url' | 'status'>;
  /** ISO time at which the page had arrived. */
  readonly fetchedAt: string;
}

export interface Ticket {
  readonly domain: string;
  readonly pageKind: Target['kind'];
  readonly fingerprint: string;
  readonly page: Uint8Array;
}

/** Who waits for the work. */
export interface Watcher {
  /** Aborted when the caller hung up. */
  readonly signal: AbortSignal;
  /** Told of each attempt as it ends. */
  readonly onAttempt: (record: AttemptRecord) => void;
  /** Plan of the caller, for tiers that not every plan may use. Default: every tier may be used. */
  readonly plan?: PlanName;
}

export interface FetchOptions extends Watcher {
  readonly wantHtml: boolean;
  readonly budgetMs: number;
}

/** Stages `fetch`, `judge` and `extract` for one page. Never throws for what a page or a network can do. */
export async function fetchPage(
  source: Source,
  target: Target,
  options: ScrapeOptions,
  request: FetchOptions,
): Promise<PageOutcome> {
  const started = options.now();
  let judgeMs = 0;
  let extractMs = 0;
  let arrivedAt = started;
  const judge = async (fetched: Fetched, signal: AbortSignal): Promise<{ verdict: Verdict; result: ReadResult }> => {
    arrivedAt = options.now();
    expected.arrived();
    const { body, contentEncoding, contentType, status, headers, url } = fetched;
    const result = await options.pool.read(
      {
        body,
        contentEncoding,
        contentType,
        status,
        headers,
        url,
        target,
        maxBytes: options.maxPageBytes,
        wantHtml: request.wantHtml,
      },
      signal,
    );
    judgeMs += result.judgeMs;
    extractMs += result.extractMs;
    if (result.bug !== null) options.onBug(url, result.bug);
    return { verdict: result.verdict, result };
  };
  const expected = options.pool.backlog.expect();
  const attempts: AttemptRecord[] = [];
  const onAttempt = (record: AttemptRecord): void => {
    attempts.push(record);
    request.onAttempt(record);
  };
  const { budgetMs, signal, plan } = request;
  const refused = (error: unknown): ApiError => {
    if (error instanceof ApiError) return error;
    throw error;
  };
  const fetched = await source.egress
    .fetch({ target, judge, budgetMs, signal, onAttempt, ...(plan === undefined ? {} : { plan }) })
    .catch(refused)
    .finally(expected.over);
  const fetchMs = Math.max(0, options.now() - started - judgeMs - extractMs);
  // The reader had no place for the page: an answer of the table, with the attempts made so far.
  if (fetched instanceof ApiError) {
    const result = { ok: false, error: fetched } as const;
    return { attempts, fetchMs, judgeMs, extractMs, fields: null, ticket: null, result };
  }
  const { outcome } = fetched;
  const last = outcome.ok ? outcome.result : (outcome.last?.result ?? null);
  const reading = last?.reading ?? null;
  const base = { attempts, fetchMs, judgeMs, extractMs, fields: reading?.fields ?? null };
  if (outcome.ok && reading !== null) {
    const { url, status } = outcome.fetched;
    const failed = reading.fields?.failed ?? [];
    return {
      ...base,
      ticket: failed.length > 0 ? ticketOf(target, `failed:${failed.toSorted().join(',')}`, last) : null,
      result: {
        ok: true,
        reading,
        html: last?.html ?? null,
        fetched: { url, status },
        fetchedAt: new Date(arrivedAt).toISOString(),
      },
    };
  }
  if (outcome.ok) throw new Error(`a usable verdict without a reading: ${outcome.result.verdict}`);
  const pageAsin = reading?.verdict === 'other_product' ? reading.pageAsin : null;
  const ticket = outcome.code === 'extraction_failed' ? ticketOf(target, fingerprintOf(reading, last), last) : null;
  return {
    ...base,
    ticket,
    result: {
      ok: false,
      error: new ApiError(
        outcome.code,
        failureMessage(outcome.code, target, outcome.verdict, attempts.length, pageAsin),
        outcome.retryAfterMs === null ? {} : { retryAfterSeconds: Math.ceil(outcome.retryAfterMs / 1000) },
      ),
    },
  };
}

function ticketOf(target: Target, fingerprint: string, last: ReadResult | null): Ticket | null {
  return last?.page == null ? null : { domain: target.domain, pageKind: target.kind, fingerprint, page: last.page };
}

/** The structure that failed; for an exception, the place it was thrown at. */
function fingerprintOf(reading: Reading | null, last: ReadResult | null): string {
  if (reading !== null && 'fingerprint' in reading && reading.fingerprint !== null) return reading.fingerprint;
  const place = last?.bug?.split('\n')[1]?.match(/[\w.-]+\.ts:\d+/)?.[0];
  return place === undefined ? 'unknown' : `exception:${place}`;
}
