import type { Trace } from '@asa/contract';
import type { Store } from '@asa/store';
import { cleanJson, cleanParams, cleanText } from './clean.ts';

export type Written = 'ok' | 'duplicate';

export interface Writer {
  write: (trace: Trace) => Promise<Written>;
  /** Resolves when everything that was asked for so far has its answer. */
  settled: () => Promise<void>;
}

/** More waiting traces than this are refused: the database is away or far too slow, and memory is not the place to keep them. */
const MAX_WAITING = 10_000;
const ROWS_AT_ONCE = 256;

type Log = (message: string, fields?: object) => void;

interface Waiting {
  readonly trace: Trace;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes traces in groups: while one group is on its way the next one gathers, so that a lone trace goes at once and many share a round
 * trip. Readers see a trace when its `write` resolves; the disk does so a moment later, for a trace is worth no fsync.
 */
export function createWriter(store: Store, log: Log): Writer {
  /** By request id: two traces with one id never go into one group. */
  const waiting = new Map<string, Waiting>();
  let working: Promise<void> | null = null;

  const work = async (): Promise<void> => {
    // Whatever is asked for in this turn of the event loop goes along.
    await new Promise((turn) => setImmediate(turn));
    while (waiting.size > 0) await writeGroup(store, log, [...waiting.values().take(ROWS_AT_ONCE)]);
    // In one step with the last look: nobody may wait without anybody working.
    working = null;
  };
  return {
    write(trace) {
      const id = trace.request_id;
      if (waiting.has(id)) return Promise.resolve('duplicate');
      if (waiting.size >= MAX_WAITING) {
        return Promise.reject(new Error(`${MAX_WAITING} traces are waiting to be written; this one is not kept`));
      }
      const { promise, resolve, reject } = Promise.withResolvers<Written>();
      const answer = (how: () => void): void => {
        waiting.delete(id);
        how();
      };
      waiting.set(id, {
        trace,
        resolve: (written) => answer(() => resolve(written)),
        reject: (error) => answer(() => reject(error)),
      });
      working ??= work();
      return promise;
    },
    async settled() {
      await working;
    },
  };
}

/** Gives every trace of the group its answer; never rejects itself. */
async function writeGroup(store: Store, log: Log, group: readonly Waiting[]): Promise<void> {
  try {
    const written = await insert(
      store,
      group.map(({ trace }) => trace),
    );
    for (const { trace, resolve } of group) resolve(written.has(trace.request_id) ? 'ok' : 'duplicate');
  } catch (error) {
    if (group.length > 1 && isAboutData(error)) {
      // One of them cannot be stored; the others can.
      log('Traces could not be stored together; they are stored one by one.', { traces: group.length, error });
      for (const one of group) await writeGroup(store, log, [one]);
    } else for (const { reject } of group) reject(error);
  }
}

/** PostgreSQL's classes of errors that a value causes, not the database's state. */
const isAboutData = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^(?:22|23|54)/.test(error.code);

const INSERT = {
  name: 'traces_insert',
  text: `
WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO traces (request_id, workspace_id, key, endpoint, received_at, status, error, credits, duration_ms, resolved_url, params, detail)
SELECT t.request_id, t.workspace_id, t.key, t.endpoint, t.received_at, t.status, t.error, t.credits, t.duration_ms, t.resolved_url,
       t.params::json, t.detail::json
  FROM relaxed, unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::smallint[], $7::text[], $8::bigint[],
                       $9::float8[], $10::text[], $11::text[], $12::text[])
    AS t (request_id, workspace_id, key, endpoint, received_at, status, error, credits, duration_ms, resolved_url, params, detail)
ON CONFLICT (request_id) DO NOTHING RETURNING request_id`,
};

/** The ids that were not there before. */
async function insert(store: Store, traces: readonly Trace[]): Promise<Set<string>> {
  const values = [
    traces.map((trace) => trace.request_id),
    traces.map((trace) => trace.workspace),
    traces.map((trace) => cleanText(trace.key)),
    traces.map((trace) => trace.endpoint),
    traces.map((trace) => trace.received_at),
    traces.map((trace) => trace.status),
    traces.map((trace) => trace.error),
    traces.map((trace) => trace.credits),
    traces.map((trace) => trace.duration_ms),
    traces.map((trace) => (trace.resolved_url === null ? null : cleanText(trace.resolved_url))),
    traces.map((trace) => cleanParams(trace.params)),
    traces.map(({ extractor, attempts, stages }) => cleanJson({ extractor, attempts, stages })),
  ];
  const { rows } = await store.pool.query<{ request_id: string }>({ ...INSERT, values });
  return new Set(rows.map((row) => row.request_id));
}
