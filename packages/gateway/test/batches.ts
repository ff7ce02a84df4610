import assert from 'node:assert/strict';
import type { BatchAnswer, NewBatchAnswer } from '@asa/contract';
import { eventually, type TestServer } from './harness.ts';

/** What tests do with batches. */
export interface BatchCalls {
  readonly post: (body: unknown, options?: { key?: string; headers?: Record<string, string> }) => Promise<Response>;
  /** A batch of these ASINs. */
  readonly make: (
    asins: readonly string[],
    options?: { key?: string; headers?: Record<string, string> },
  ) => Promise<NewBatchAnswer>;
  readonly get: (id: string, options?: { key?: string; results?: boolean }) => Promise<BatchAnswer>;
  /** The batch with its results when it has ended. */
  readonly ended: (id: string, options?: { key?: string }) => Promise<BatchAnswer>;
}

export function batchCalls(server: Pick<TestServer, 'url' | 'liveKey'>): BatchCalls {
  const post: BatchCalls['post'] = (body, { key = server.liveKey, headers = {} } = {}) =>
    fetch(`${server.url}/api/v1/amazon/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const get: BatchCalls['get'] = async (id, { key = server.liveKey, results = true } = {}) => {
    for (;;) {
      const response = await fetch(`${server.url}/api/v1/amazon/batch/${id}?results=${results}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const text = await response.text();
      if (response.status === 429) continue;
      assert.equal(response.status, 200, text);
      return JSON.parse(text) as BatchAnswer;
    }
  };
  return {
    post,
    async make(asins, options) {
      const response = await post({ endpoint: 'amazon.product', items: asins.map((query) => ({ query })) }, options);
      const text = await response.text();
      assert.equal(response.status, 201, text);
      return JSON.parse(text) as NewBatchAnswer;
    },
    get,
    async ended(id, options) {
      await eventually(
        `the end of batch ${id}`,
        async () => (await get(id, { ...options, results: false })).completed_at !== null,
        { tries: 600, everyMs: 50 },
      );
      return get(id, options);
    },
  };
}

export interface StreamEvent {
  readonly event: string;
  readonly id: number;
  readonly data: Record<string, unknown>;
}

/** Everything of a stream of events until it ends. */
export async function readEvents(answer: Response): Promise<StreamEvent[]> {
  assert.equal(answer.status, 200);
  return (await answer.text())
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [, event = '', id = '', data = ''] = /^event: (\w+)\nid: (\d+)\ndata: (.*)$/.exec(block) ?? [];
      return { event, id: Number(id), data: JSON.parse(data) as Record<string, unknown> };
    });
}
