import type { Store } from '@asa/store';
import { createBatch } from '../batch.ts';
import type { Context } from '../types.ts';

/** Notes when keys were last used, without a write per request. */
export interface LastUsed {
  note: (keyId: string, at: number) => void;
  flush: () => Promise<void>;
  stop: () => void;
}

/** How exact the time is for a key in steady use. */
const EXACT_TO_MS = 10_000;
const FLUSH_MS = 1_000;
const REMEMBERED = 10_000;

export function createLastUsed(store: Store, { log }: Pick<Context, 'log'>): LastUsed {
  const pending = new Map<string, number>();
  const written = new Map<string, number>();

  const work = async (): Promise<void> => {
    if (pending.size === 0) return;
    // In the order of their ids: two nodes that write the same keys wait for each other instead of blocking each other.
    const rows = [...pending].toSorted(([a], [b]) => (a < b ? -1 : 1));
    await store.query(
      `UPDATE api_keys k SET last_used_at = GREATEST(k.last_used_at, v.at)
         FROM (SELECT l.id, n.at FROM unnest($1::text[], $2::timestamptz[]) AS n (id, at)
                 JOIN api_keys l ON l.id = n.id ORDER BY l.id FOR UPDATE OF l) v
        WHERE k.id = v.id`,
      [rows.map(([id]) => id), rows.map(([, at]) => new Date(at))],
    );
    for (const [id, at] of rows) {
      if (pending.get(id) === at) pending.delete(id);
      written.set(id, at);
    }
    // Forgetting only costs a write that was not needed.
    if (written.size > REMEMBERED) written.clear();
  };
  const batch = createBatch(FLUSH_MS, work, (error) =>
    log('The last use of keys could not be written; it is tried again.', { error }),
  );
  return {
    note: (keyId, at) => {
      const last = written.get(keyId);
      if (last !== undefined && Math.abs(at - last) < EXACT_TO_MS) return;
      pending.set(keyId, at);
      batch.poke();
    },
    flush: batch.flush,
    stop: batch.stop,
  };
}
