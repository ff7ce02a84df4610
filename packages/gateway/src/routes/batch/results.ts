import type { BatchSummary } from '@asa/contract';

/** The status of a batch with its results as one JSON text, in pieces. */
export async function* statusPieces(
  requestId: string,
  batch: BatchSummary,
  results: AsyncIterable<string>,
): AsyncGenerator<string> {
  const head = JSON.stringify({ request_id: requestId, ...batch });
  yield `${head.slice(0, -1)},"results":[`;
  let between = '';
  for await (const result of results) {
    yield `${between}${result}`;
    between = ',';
  }
  yield ']}';
}

/** One result a line. */
export async function* resultLines(results: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const result of results) yield `${result}\n`;
}
