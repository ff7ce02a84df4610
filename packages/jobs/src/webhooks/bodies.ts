import type { BatchSummary } from '@asa/contract';
import type { Store } from '@asa/store';
import { pickResults, readResults } from '../batches/read.ts';
import { BATCH_COLUMNS, toSummary, type BatchRow } from '../batches/row.ts';
import type { Claimed } from './queue.ts';

/** A body with more bytes than this carries a link to the results in place of them (contract section 8). */
export const MAX_BODY_BYTES = 5_000_000;

/**
 * The body of an event of a batch as JSON; null when the batch is gone. The same batch makes the same bytes at any time after its end: what it says about its
 * webhook is what was true before the first attempt.
 * @param resultsUrl where the results of a batch are read
 */
export async function batchEventBody(
  store: Store,
  { batch_id, event, subject }: Pick<Claimed, 'batch_id' | 'event' | 'subject'>,
  resultsUrl: (batchId: string) => string,
): Promise<string | null> {
  const [row] = await store.query<BatchRow>(`SELECT ${BATCH_COLUMNS} FROM batches WHERE id = $1`, [batch_id]);
  if (row === undefined) return null;
  const batch = toSummary(row);
  const link = resultsUrl(batch.id);
  return event === 'batch.item'
    ? await itemBody(store, batch, Number(subject), link)
    : await completedBody(store, batch, link);
}

async function completedBody(store: Store, batch: BatchSummary, link: string): Promise<string> {
  const status = {
    ...batch,
    webhook_delivered_at: null,
    webhook_delivery_status: 'pending',
    webhook_last_error: null,
  };
  const head = JSON.stringify(status).slice(0, -1);
  const parts = [`${head},"results":[`];
  // The comma before the first result is not there.
  let bytes = Buffer.byteLength(head) + ',"results":[]}'.length - 1;
  for await (const result of readResults(store, batch.id)) {
    bytes += Buffer.byteLength(result) + 1;
    // Nothing of what is left is read.
    if (bytes > MAX_BODY_BYTES) return `${head},"results_url":${JSON.stringify(link)}}`;
    parts.push(parts.length === 1 ? result : `,${result}`);
  }
  return `${parts.join('')}]}`;
}

async function itemBody(store: Store, batch: BatchSummary, index: number, link: string): Promise<string | null> {
  const [result] = await pickResults(store, batch.id, [index]);
  if (result === undefined) return null;
  const { id, endpoint, total_count } = batch;
  const head = JSON.stringify({ batch_id: id, endpoint, total_count }).slice(0, -1);
  const body = `${head},"result":${result}}`;
  if (Buffer.byteLength(body) <= MAX_BODY_BYTES) return body;
  const { data: _, ...small } = JSON.parse(result) as Record<string, unknown>;
  return `${head},"result":${JSON.stringify({ ...small, data: null })},"results_url":${JSON.stringify(link)}}`;
}
