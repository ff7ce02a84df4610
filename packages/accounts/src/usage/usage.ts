import type { UsageRow } from '@asa/contract';
import { USAGE_DAYS } from '@asa/contract';
import type { Store } from '@asa/store';
import { createBatch } from '../batch.ts';
import { DAY_MS, dayOf } from '../calendar.ts';
import type { Context } from '../types.ts';

/** One call with a valid key. */
export interface Call {
  readonly keyId: string;
  readonly workspaceId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly succeeded: boolean;
  /** Credits taken for it. */
  readonly credits: number;
}

/**
 * Calls counted per key and day, for people; what is owed is in the ledger. Calls reach the database in batches: a process that is killed
 * loses those of its last fifth of a second.
 */
export interface Usage {
  record: (call: Call) => void;
  /** The last 30 days of a workspace, newest day first; calls of this process are complete. */
  read: (workspaceId: string) => Promise<UsageRow[]>;
  /** Deletes what is older than 90 days. Answers how many rows. */
  purge: () => Promise<number>;
  flush: () => Promise<void>;
  stop: () => void;
}

const FLUSH_MS = 200;
const SHOWN_DAYS = 30;

interface Count {
  keyId: string;
  day: string;
  workspaceId: string;
  requests: number;
  succeeded: number;
  credits: number;
}

export function createUsage(store: Store, { now, log }: Pick<Context, 'now' | 'log'>): Usage {
  let counts = new Map<string, Count>();

  const add = (more: Count): void => {
    const id = `${more.keyId} ${more.day}`;
    const count = counts.get(id);
    if (count === undefined) {
      counts.set(id, { ...more });
      return;
    }
    count.requests += more.requests;
    count.succeeded += more.succeeded;
    count.credits += more.credits;
  };
  const work = async (): Promise<void> => {
    if (counts.size === 0) return;
    // In one order on every node, so that two that write the same rows wait for each other instead of blocking each other.
    const rows = [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
    counts = new Map();
    try {
      await upsert(store, rows);
    } catch (error) {
      for (const row of rows) add(row);
      throw error;
    }
  };
  const batch = createBatch(FLUSH_MS, work, (error) =>
    log('The usage of keys could not be written; it is tried again.', { error }),
  );

  return {
    record({ keyId, workspaceId, at, succeeded, credits }) {
      add({ keyId, day: dayOf(at), workspaceId, requests: 1, succeeded: succeeded ? 1 : 0, credits });
      batch.poke();
    },
    async read(workspaceId) {
      await batch.flush();
      return store.query<UsageRow>(
        `SELECT u.day AS date, k.short_prefix AS key, u.requests, u.succeeded, u.credits
           FROM usage_days u JOIN api_keys k ON k.id = u.key_id
          WHERE u.workspace_id = $1 AND u.day > $2 ORDER BY u.day DESC, k.created_at, k.id`,
        [workspaceId, dayOf(now() - SHOWN_DAYS * DAY_MS)],
      );
    },
    async purge() {
      const { rowCount } = await store.pool.query('DELETE FROM usage_days WHERE day < $1', [
        dayOf(now() - USAGE_DAYS * DAY_MS),
      ]);
      return rowCount ?? 0;
    },
    flush: batch.flush,
    stop: batch.stop,
  };
}

async function upsert(store: Store, rows: readonly Count[]): Promise<void> {
  await store.query(
    `INSERT INTO usage_days AS u (key_id, day, workspace_id, requests, succeeded, credits)
     SELECT * FROM unnest($1::text[], $2::date[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
     ON CONFLICT (key_id, day) DO UPDATE SET requests = u.requests + excluded.requests,
       succeeded = u.succeeded + excluded.succeeded, credits = u.credits + excluded.credits`,
    [
      rows.map((row) => row.keyId),
      rows.map((row) => row.day),
      rows.map((row) => row.workspaceId),
      rows.map((row) => row.requests),
      rows.map((row) => row.succeeded),
      rows.map((row) => row.credits),
    ],
  );
}
