import assert from 'node:assert/strict';
import { ApiError, type ErrorCode, type Trace } from '@asa/contract';

let made = 0;
/** A request id that no other test of this process uses. */
export const requestId = (): string => `req_${(++made).toString(16).padStart(12, '0')}`;

/** A trace like that of an ordinary request. */
export const trace = (over: Partial<Trace> = {}): Trace => ({
  request_id: requestId(),
  workspace: 'ws_1',
  key: 'asa_live_AbCdEfGhIjKl',
  endpoint: 'amazon.product',
  params: { asin: 'B000000000', domain: 'com', country: null, add_html: false },
  received_at: '2026-05-20T10:00:00.123Z',
  status: 200,
  error: null,
  credits: 5,
  duration_ms: 812.25,
  resolved_url: 'https://www.amazon.com/dp/B000000000?th=1',
  extractor: {
    version: '1.0.0',
    kind: 'product',
    fields_found: ['asin', 'title'],
    fields_missing: ['deal'],
    fields_failed: [],
  },
  attempts: [
    {
      n: 1,
      tier: 'direct',
      exit_country: null,
      url: 'https://www.amazon.com/dp/B000000000?th=1',
      started_at: '2026-05-20T10:00:00.200Z',
      status: 200,
      bytes: 250_000,
      duration_ms: 700,
      wait_ms: 0,
      hedge: false,
      shared: false,
      verdict: 'product',
      error: null,
    },
  ],
  stages: [
    { name: 'identify', ms: 0.2 },
    { name: 'fetch', ms: 700 },
  ],
  ...over,
});

/** Checks that the promise rejects with an error of the table whose message matches. */
export async function rejects(promise: Promise<unknown>, code: ErrorCode, message: RegExp): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}
