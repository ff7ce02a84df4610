import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, ERROR_CODES, ERRORS, errorBody, VERDICTS } from '../src/index.ts';

/** Contract section 4, written out a second time on purpose: this is the wire, and a change of it must be seen. */
const WIRE = {
  invalid_params: [400, false, null],
  unauthorized: [401, false, null],
  revoked: [401, false, null],
  insufficient_credits: [402, false, null],
  forbidden_region: [403, false, null],
  not_found: [404, false, null],
  product_not_found: [404, false, null],
  upstream_timeout: [408, true, 2],
  blocked_by_amazon: [422, true, 60],
  rate_limited: [429, true, 'computed'],
  internal_error: [500, true, 5],
  not_implemented: [501, false, null],
  target_unreachable: [502, true, 60],
  extraction_failed: [502, true, 2],
  asin_mismatch: [502, false, null],
  generic_gallery_page: [502, false, null],
  capacity: [503, true, 'computed'],
} as const;

test('the table is the wire: codes, statuses, retries and delays', () => {
  const table = Object.fromEntries(
    ERROR_CODES.map((code) => {
      const { status, retryable, retryAfter } = ERRORS[code];
      return [
        code,
        [
          status,
          retryable,
          retryAfter.kind === 'fixed' ? retryAfter.seconds : retryAfter.kind === 'computed' ? 'computed' : null,
        ],
      ];
    }),
  );
  assert.deepEqual(table, WIRE);
});

test('an error has a delay exactly where the table says so, and at least a second', () => {
  for (const code of ERROR_CODES) {
    const { retryAfter } = ERRORS[code];
    const seconds = new ApiError(code, 'x', { retryAfterSeconds: 0.2 }).retryAfterSeconds;
    if (retryAfter.kind === 'none') assert.equal(seconds, null);
    else assert.equal(seconds, retryAfter.kind === 'fixed' ? retryAfter.seconds : 1);
  }
  assert.equal(new ApiError('capacity', 'x', { retryAfterSeconds: 3.2 }).retryAfterSeconds, 4);
});

test('the body is exactly four strings', () => {
  assert.deepEqual(errorBody('revoked', 'why', 'http://h', 'req_1'), {
    error: 'revoked',
    message: 'why',
    docs_url: 'http://h/docs/guides/errors#revoked',
    request_id: 'req_1',
  });
});

test('every verdict that can be the last word names an error of the table', () => {
  for (const [name, row] of Object.entries(VERDICTS)) {
    if (row.class === 'usable') assert.equal(row.lastWord, null, name);
    else assert.ok(row.lastWord in ERRORS, name);
  }
});
