import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, quote, type BatchSummary } from '@asa/contract';
import type { IncomingHttpHeaders } from 'node:http';
import type { Services } from '../../services.ts';
import { streamed, type Answer } from '../../stages/reply.ts';

/** Bounds of the streams of events. */
const STREAMS_PER_WORKSPACE = 20;
/** A stream ends after so long; the reader connects again and goes on where it was. */
const LONGEST_MS = 15 * 60_000;
/** A comment is sent after so long without an event, so that nothing on the way takes the connection for dead. */
const HEARTBEAT_MS = 15_000;
/** What happened on another node and was never heard of is seen after so long. */
const LOOK_MS = 1000;
const EVENTS_AT_ONCE = 200;
/** How long a reader waits before it connects again. */
const RETRY_MS = 1000;

const open = new Map<string, number>();

interface Following {
  readonly batch: BatchSummary;
  readonly workspaceId: string;
  /** Number of the last event that the reader has. */
  readonly after: number;
}

/**
 * The number in `Last-Event-ID`: how many results the reader has had; one more than there are items stands for the end.
 * @throws ApiError `invalid_params`
 */
export function lastEventId({ 'last-event-id': id }: IncomingHttpHeaders): number {
  if (id === undefined || id === '') return 0;
  if (typeof id === 'string' && /^\d{1,9}$/.test(id)) return Number(id);
  throw new ApiError(
    'invalid_params',
    `The header Last-Event-ID ${quote(String(id))} is not the id of an event of this stream.`,
  );
}

/**
 * The events of a batch after the one that the reader has, as they happen: `item` for each result, in the order of finishing, and `end` with
 * the status of the batch. Who has had the end already is answered with 204, which tells a browser not to connect again.
 * @throws ApiError `rate_limited` when too many streams of the workspace are open in this process
 */
export function followEvents(services: Services, signal: AbortSignal, following: Following): Answer {
  const { batch, workspaceId, after } = following;
  if (batch.completed_at !== null && after > batch.processed_count)
    return { text: () => '', bare: '', page: null, status: 204 };
  const streams = open.get(workspaceId) ?? 0;
  if (streams >= STREAMS_PER_WORKSPACE) {
    throw new ApiError(
      'rate_limited',
      `The workspace has ${streams} streams of events open, which is the ceiling. Close one of them.`,
      { retryAfterSeconds: 5 },
    );
  }
  return streamed({
    contentType: 'text/event-stream; charset=utf-8',
    pieces: async function* () {
      open.set(workspaceId, (open.get(workspaceId) ?? 0) + 1);
      try {
        yield* events(services, signal, following);
      } finally {
        const left = (open.get(workspaceId) ?? 1) - 1;
        if (left > 0) open.set(workspaceId, left);
        else open.delete(workspaceId);
      }
    },
  });
}

async function* events(
  services: Services,
  signal: AbortSignal,
  { batch, workspaceId, after }: Following,
): AsyncGenerator<string> {
  const { jobs, now } = services;
  const { id } = batch;
  const until = now() + LONGEST_MS;
  let seen = after;
  let lastSent = now();
  let changed = true;
  let wake = new AbortController();
  const stop = jobs.watch(id, () => {
    changed = true;
    wake.abort();
  });
  try {
    yield `retry: ${RETRY_MS}\n\n`;
    while (!signal.aborted && now() < until && !services.shedding.isDraining()) {
      changed = false;
      // Before the events: an end that is read here has all of them behind it.
      const status = await jobs.read(id, workspaceId);
      const batchOfEvents = await jobs.events(id, seen, EVENTS_AT_ONCE);
      for (const { seq, ...item } of batchOfEvents) {
        yield event('item', seq, { ...item, processed_count: seq, total_count: status.total_count });
        seen = seq;
        lastSent = now();
      }
      if (batchOfEvents.length === EVENTS_AT_ONCE) continue;
      if (status.completed_at !== null) {
        yield event('end', status.processed_count + 1, status);
        return;
      }
      if (now() - lastSent >= HEARTBEAT_MS) {
        yield ': still here\n\n';
        lastSent = now();
      }
      if (changed) continue;
      wake = new AbortController();
      await sleep(LOOK_MS, undefined, { signal: AbortSignal.any([wake.signal, signal]), ref: false }).catch(() => {});
    }
  } finally {
    stop();
  }
}

const event = (name: string, id: number, data: object): string =>
  `event: ${name}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`;
