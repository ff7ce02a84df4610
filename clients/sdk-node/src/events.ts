import { readJson, type Failed, type Outcome } from './attempt.ts';
import { Course, type Connection } from './call.ts';
import type { BatchResult, BatchSummary } from './generated/types.ts';
import { parse, rawLinesOf } from './ndjson.ts';
import { settle, type CallOptions } from './options.ts';
import { get } from './wire.ts';

/** How an item ended, without what it brought: read that with `batchResults`, or `getBatch`. */
type EndedItem = Pick<BatchResult, 'index' | 'status' | 'http_status' | 'error' | 'request_id' | 'credits_charged'> & {
  /** How many of the batch's items have ended with this one, and how many there are. */
  readonly processed_count: number;
  readonly total_count: number;
};

/** One event of a batch. `id`: hand it in as `lastEventId` to go on after it. */
export type BatchEvent =
  | { readonly event: 'item'; readonly id: string; readonly data: EndedItem }
  | { readonly event: 'end'; readonly id: string; readonly data: BatchSummary };

export interface BatchEventsOptions extends CallOptions {
  /** The `id` of the last event that is known already. */
  readonly lastEventId?: string | undefined;
}

/** Hands a stream of events over unread; null: there is nothing more to come. */
const asEvents = async (response: Response): Promise<Outcome<ReadableStream<Uint8Array> | null>> => {
  const { status, headers, body } = response;
  const answer = { status, headers };
  if (status === 204) return { ok: true, value: null, answer };
  if (body !== null && /^text\/event-stream\b/i.test(headers.get('content-type') ?? ''))
    return { ok: true, value: body as ReadableStream<Uint8Array>, answer };
  const read = await readJson<never>(response);
  return read.ok ? { ok: false, failure: { kind: 'not_json' }, answer, text: '', cause: undefined } : read;
};

/** A wait that the service asks for is cut to this, in milliseconds. */
const LONGEST_REST_MS = 60_000;

/**
 * The events of a batch up to its end. What ends in good order before that (a stream has its longest time, a server is stopped) is asked for again
 * after the wait that it named, as often as need be; what breaks is retried by the policy, whose count begins anew with each sign of life.
 * @throws AmazonScraperAPIError
 */
export async function* streamEvents(
  connection: Connection,
  path: string,
  { lastEventId, ...options }: BatchEventsOptions,
): AsyncGenerator<BatchEvent, void, undefined> {
  const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const request = get(path, {}, { accept: 'text/event-stream', headers });
  const course = new Course(
    connection,
    request,
    settle(connection.settings, { deadlineMs: Number.POSITIVE_INFINITY, ...options }),
  );
  let restMs = 1000;
  for (;;) {
    const { outcome, own, close } = await course.open(asEvents);
    try {
      if (!outcome.ok) {
        await course.afterFailure(outcome);
        continue;
      }
      if (outcome.value === null) return;
      const signs = signsOf(outcome.value, () => own.renew());
      const broken = (kind: 'connection' | 'truncated', cause: unknown, text = ''): Failed => ({
        ok: false,
        failure: { kind: kind === 'connection' ? (own.ended ?? kind) : kind },
        answer: kind === 'connection' ? null : outcome.answer,
        text,
        cause,
      });
      let isAlive = false;
      let failed: Failed | null = null;
      while (failed === null) {
        const next = await signs.next().catch((cause: unknown) => {
          failed = broken('connection', cause);
        });
        if (next === undefined || next.done === true) break;
        const { name, id, data, retryMs } = next.value;
        if (retryMs !== null) restMs = Math.min(retryMs, LONGEST_REST_MS);
        else isAlive = true;
        if (name !== 'item' && name !== 'end') continue;
        const value = parse(data);
        if (value === undefined) {
          failed = broken('truncated', undefined, data);
          break;
        }
        if (id !== '') headers['last-event-id'] = id;
        own.pause();
        yield { event: name, id, data: value } as BatchEvent;
        own.renew();
        if (name === 'end') return;
        // Given up meanwhile: what has arrived already is not given any more.
        if (own.ended !== null) failed = broken('connection', undefined);
      }
      if (isAlive) course.renew();
      if (failed === null && isAlive) await course.rest(restMs);
      else await course.afterFailure(failed ?? broken('connection', new Error('the stream ended before it began')));
    } finally {
      close();
    }
  }
}

/** What a stream says: an event, a comment (without a name), or how long to wait before connecting again. */
interface Sign {
  readonly name: string;
  readonly id: string;
  readonly data: string;
  readonly retryMs: number | null;
}

/** Reads a stream of events by the rules of the HTML standard; an event that is cut is none. */
async function* signsOf(body: ReadableStream<Uint8Array>, onBytes: () => void): AsyncGenerator<Sign> {
  let [name, id]: [string, string] = ['', ''];
  let data: string[] = [];
  for await (const raw of rawLinesOf(body, onBytes)) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') {
      if (data.length > 0) yield { name: name || 'message', id, data: data.join('\n'), retryMs: null };
      [name, data] = ['', []];
      continue;
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === '') yield { name: '', id: '', data: '', retryMs: null };
    else if (field === 'event') name = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) yield { name: '', id: '', data: '', retryMs: Number(value) };
  }
}
