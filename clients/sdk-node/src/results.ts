import { readJson, type Failed, type Outcome } from './attempt.ts';
import { Course, type Connection } from './call.ts';
import { linesOf, parse } from './ndjson.ts';
import { settle, type CallOptions } from './options.ts';
import type { WireRequest } from './wire.ts';

/** Hands a success over unread, when it is a stream of lines. */
const asStream = async (response: Response): Promise<Outcome<ReadableStream<Uint8Array>>> => {
  const { status, headers, body } = response;
  if (body === null || !/\b(?:nd)?json/i.test(headers.get('content-type') ?? '')) {
    const read = await readJson<never>(response);
    return read.ok
      ? { ok: false, failure: { kind: 'not_json' }, answer: read.answer, text: '', cause: undefined }
      : read;
  }
  return { ok: true, value: body as ReadableStream<Uint8Array>, answer: { status, headers } };
};

/**
 * The items of an NDJSON stream, as they arrive. When it breaks, it is asked for again and what has been given already is passed over; attempts
 * count anew with each item that arrives.
 * @throws AmazonScraperAPIError
 */
export async function* streamItems<T>(
  connection: Connection,
  request: WireRequest,
  options: CallOptions,
): AsyncGenerator<T, void, undefined> {
  // A stream may well take longer than a call; its longest silence is what `timeoutMs` says.
  const course = new Course(
    connection,
    request,
    settle(connection.settings, { deadlineMs: Number.POSITIVE_INFINITY, ...options }),
  );
  let given = 0;
  for (;;) {
    const { outcome, own, close } = await course.open(asStream);
    try {
      if (!outcome.ok) {
        await course.afterFailure(outcome);
        continue;
      }
      const { value: body, answer } = outcome;
      const lines = linesOf(body, () => own.renew());
      const before = given;
      let seen = 0;
      let failed: Failed | null = null;
      while (failed === null) {
        const next = await lines.next().catch((cause: unknown) => {
          failed = { ok: false, failure: { kind: own.ended ?? 'connection' }, answer: null, text: '', cause };
        });
        if (next === undefined) break;
        if (next.done === true) return;
        seen += 1;
        if (seen <= given) continue;
        const item = parse(next.value);
        if (item === undefined) {
          failed = { ok: false, failure: { kind: 'truncated' }, answer, text: next.value, cause: undefined };
          break;
        }
        given = seen;
        own.pause();
        yield item as T;
        own.renew();
        // Given up meanwhile: what has arrived already is not given any more.
        if (own.ended !== null)
          failed = { ok: false, failure: { kind: own.ended }, answer: null, text: '', cause: undefined };
      }
      if (given > before) course.renew();
      if (failed !== null) await course.afterFailure(failed);
    } finally {
      close();
    }
  }
}
