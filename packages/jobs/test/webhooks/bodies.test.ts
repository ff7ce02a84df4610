import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { BatchResult, BatchSummary } from '@asa/contract';
import type { Store } from '@asa/store';
import { startTestStore } from '@asa/store/testing';
import { packText } from '../../src/items/compress.ts';
import { batchEventBody, MAX_BODY_BYTES } from '../../src/webhooks/bodies.ts';

const resultsUrl = (id: string): string => `https://asa.example.com/api/v1/amazon/batch/${id}/results`;

/** A batch that has ended, with a result for each of these answers. */
async function startBatch(t: TestContext, answers: readonly object[]): Promise<{ store: Store; id: string }> {
  const { store, close } = await startTestStore();
  t.after(close);
  const id = randomUUID();
  const time = new Date('2026-05-20T10:00:00Z');
  await store.query(
    `INSERT INTO batches (id, workspace_id, principal, mode, endpoint, status, total_count, processed_count, success_count, created_at,
       started_at, completed_at, expires_at, webhook_url, webhook_secret, webhook_delivery_status, body_hash)
     VALUES ($1, 'ws_1', '{}', 'live', 'amazon.product', 'complete', $2, $2, $2, $3, $3, $3, $3, 'https://h.example.com/', 's', 'pending', '')`,
    [id, answers.length, time],
  );
  for (const [index, answer] of answers.entries())
    await store.query(
      `INSERT INTO batch_items (batch_id, index, workspace_id, state, turn, input, max_cost, request_id, http_status, data,
         duration_ms, done_seq) VALUES ($1, $2, 'ws_1', 'done', 0, $3, 5, $4, 200, $5, 12.5, $6)`,
      [
        id,
        index,
        { query: `B${String(index).padStart(9, '0')}` },
        `req_${String(index).padStart(12, '0')}`,
        await packText(JSON.stringify(answer)),
        index + 1,
      ],
    );
  return { store, id };
}

const read = async (store: Store, batch_id: string | null, event: string, subject = ''): Promise<[string, Body]> => {
  const text = await batchEventBody(store, { batch_id, event, subject }, resultsUrl);
  assert.ok(text !== null);
  return [text, JSON.parse(text) as Body];
};
type Body = Record<string, unknown> & { results?: unknown[]; result?: Record<string, unknown> };

describe('the body of batch.completed', () => {
  it('is the status of the batch with its results, whatever became of its webhook', async (t) => {
    const { store, id } = await startBatch(t, [
      { asin: 'B000000000', title: 'Ä "quoted" 日本' },
      { asin: 'B000000001' },
    ]);
    const [text, body] = await read(store, id, 'batch.completed');
    const { results, ...summary } = body;
    assert.deepEqual(BatchSummary.strict().parse(summary), summary);
    assert.equal(summary['webhook_delivery_status'], 'pending');
    assert.deepEqual(
      results?.map((result) => BatchResult.strict().parse(result).data),
      [
        { request_id: 'req_000000000000', asin: 'B000000000', title: 'Ä "quoted" 日本' },
        { request_id: 'req_000000000001', asin: 'B000000001' },
      ],
    );
    await store.query(
      `UPDATE batches SET webhook_delivery_status = 'failed', webhook_delivered_at = now(), webhook_last_error = 'x' WHERE id = $1`,
      [id],
    );
    assert.equal((await read(store, id, 'batch.completed'))[0], text, 'the same bytes in every attempt');
  });

  it('is null when the batch is gone', async (t) => {
    const { store } = await startBatch(t, [{}]);
    const gone = { batch_id: randomUUID(), event: 'batch.completed', subject: '' };
    assert.equal(await batchEventBody(store, gone, resultsUrl), null);
  });

  it('carries a link in place of the results from the first byte over 5 MB', async (t) => {
    const { store, id } = await startBatch(t, [{ html: '' }, { html: '' }]);
    const [small] = await read(store, id, 'batch.completed');
    const fill = async (extra: number): Promise<void> => {
      const html = 'é'.repeat(Math.floor(extra / 2)) + 'x'.repeat(extra % 2);
      await store.query('UPDATE batch_items SET data = $1 WHERE index = 1', [await packText(JSON.stringify({ html }))]);
    };
    const room = MAX_BODY_BYTES - Buffer.byteLength(small);
    await fill(room);
    const [full, atTheEdge] = await read(store, id, 'batch.completed');
    assert.equal(Buffer.byteLength(full), MAX_BODY_BYTES);
    assert.equal(atTheEdge.results?.length, 2);
    await fill(room + 1);
    const [text, over] = await read(store, id, 'batch.completed');
    assert.ok(text.length < 2000);
    assert.equal('results' in over, false);
    assert.equal(over['results_url'], resultsUrl(id));
    assert.equal(over['processed_count'], 2);
  });
});

describe('the body of batch.item', () => {
  it('is the result of that item, with its batch', async (t) => {
    const { store, id } = await startBatch(t, [{ asin: 'B000000000' }, { asin: 'B000000001' }]);
    const [, body] = await read(store, id, 'batch.item', '1');
    const { result, ...rest } = body;
    assert.deepEqual(rest, { batch_id: id, endpoint: 'amazon.product', total_count: 2 });
    assert.equal(BatchResult.strict().parse(result).data?.['asin'], 'B000000001');
    const unknown = { batch_id: id, event: 'batch.item', subject: '7' };
    assert.equal(await batchEventBody(store, unknown, resultsUrl), null);
  });

  it('leaves the data out when it is over 5 MB, and says where it is', async (t) => {
    const { store, id } = await startBatch(t, [{ html: 'x'.repeat(MAX_BODY_BYTES) }]);
    const [text, body] = await read(store, id, 'batch.item', '0');
    assert.ok(text.length < 2000);
    assert.equal(body['results_url'], resultsUrl(id));
    assert.partialDeepStrictEqual(body.result, { index: 0, status: 'ok', http_status: 200, data: null });
  });
});
