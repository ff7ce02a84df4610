import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { VERDICTS } from '@asa/contract';
import { startOrigin, TEST_ASINS, type Origin } from '@asa/origin';
import { assertError, startServer, type TestServer } from './harness.ts';

/** Whatever an upstream does ends as the right answer, in bounded memory: the built-in origin's whole bag of tricks, with a live key. */

let server: TestServer;
let origin: Origin;
before(async () => {
  origin = await startOrigin({});
  server = await startServer({
    ASA_ORIGIN_URL: origin.urlTemplate,
    ASA_UPSTREAM_TIMEOUT_MS: '8000',
    ASA_ATTEMPT_TIMEOUT_MS: '1000',
    ASA_MAX_ATTEMPTS: '2',
  });
});
after(async () => {
  await server.close();
  await origin.close();
});

/** Far below what the bomb or the endless body would take unbounded, far above the noise of a collector. */
const MAX_GROWTH = 400 * 1024 * 1024;

for (const [asin, { verdict, does }] of Object.entries(TEST_ASINS)) {
  const lastWord = VERDICTS[verdict].lastWord;
  test(`${does}: ${lastWord ?? '200'}`, async () => {
    const rssBefore = process.memoryUsage().rss;
    const response = await server.get(`/api/v1/amazon/product?query=${asin}`);
    if (lastWord === null) assert.equal(response.status, 200, await response.text());
    else await assertError(response, lastWord, server.running.url);
    const trace = (await (await server.get(`/api/v1/requests/${response.headers.get('x-request-id')}`)).json()) as {
      attempts: { verdict: string }[];
    };
    assert.deepEqual([...new Set(trace.attempts.map((attempt) => attempt.verdict))], [verdict]);
    assert.ok(process.memoryUsage().rss - rssBefore < MAX_GROWTH);
  });
}
