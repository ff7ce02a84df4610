import type { Store } from '@asa/store';
import type { BatchOwner, ItemRunner } from '../types.ts';
import type { Ending } from './write.ts';

interface Lost {
  batch_id: string;
  index: number;
  claim_id: string;
  request_id: string | null;
  duration_ms: number | null;
  draft: unknown;
  principal: BatchOwner;
}

const AT_ONCE = 500;

/**
 * Takes over the tries that nobody works on any more: of nodes that are gone, and those of this node that none of its workers has (the database
 * was away when they ended). The take-over comes first: from then on whoever had a try can neither keep a result nor write one. Answers the
 * tries taken over.
 * @param inUse claims of this process that are in good hands.
 */
export async function takeOver(store: Store, inUse: ReadonlySet<string>): Promise<Lost[]> {
  const nodes = await store.query<{ node_id: string }>(
    `SELECT DISTINCT node_id FROM batch_items WHERE state IN ('running', 'settling', 'recovering')`,
  );
  const dead = await store.deadNodes(nodes.map((row) => row.node_id));
  return store.query<Lost>(
    `UPDATE batch_items i SET state = 'recovering', node_id = $2, claim_id = gen_random_uuid()::text
       FROM batches b
      WHERE b.id = i.batch_id AND (i.batch_id, i.index) IN (
        SELECT batch_id, index FROM batch_items
         WHERE state IN ('running', 'settling', 'recovering') AND (node_id = ANY($1) OR node_id = $2 AND claim_id <> ALL($3))
         LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
     RETURNING i.batch_id, i.index, i.claim_id, i.request_id, i.duration_ms, i.draft, b.principal`,
    [dead, store.node.id, [...inUse]],
  );
}

/**
 * What becomes of a try that was taken over. With a result that was kept the ledger decides: when it was paid for, it is the item's; otherwise
 * its hold is closed, so that it never will be, and the item is tried again under another request id.
 */
export async function endingOf(runner: ItemRunner, lost: Lost): Promise<Ending> {
  const { batch_id: batchId, index, claim_id: claimId, request_id: requestId, principal } = lost;
  const paid = requestId === null ? 0 : await runner.paid(principal, requestId);
  if (requestId === null || paid === 0) return { kind: 'again', batchId, index, claimId, at: null, counts: false };
  await runner.close(principal, requestId, lost.draft);
  return {
    kind: 'result',
    batchId,
    index,
    claimId,
    requestId,
    httpStatus: 200,
    error: null,
    message: null,
    data: null,
    credits: paid,
    durationMs: lost.duration_ms ?? 0,
    isLate: false,
  };
}
