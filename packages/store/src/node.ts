import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { ClientConfig, Pool } from 'pg';
import { lineOf } from './errors.ts';

/**
 * The sign of life of this node in the database: a session's advisory lock whose key is the node's id. It goes when the connection goes,
 * so a process that was killed loses it at once, and one on a machine that vanished within about half a minute.
 */
export type NodeMark = {
  /** This node's id now. A lost connection means a fresh one: others may already have taken the old one for dead. */
  id: () => string;
  isHeld: () => boolean;
  end: () => Promise<void>;
};

// pg has these two; its types do not.
type RefClient = Client & { ref: () => void; unref: () => void };
type Held = { client: RefClient; id: string };
type Log = (message: string, fields?: object) => void;

const HEARTBEAT_MS = 5_000;
const RETRY_MS = 250;
const ID = /^node_([0-9a-f]{16})$/;

/** The advisory lock of a node id, as PostgreSQL shows a 64-bit key in pg_locks: two unsigned 32-bit halves. */
function keyOf(id: string): bigint | null {
  const hex = ID.exec(id)?.[1];
  return hex === undefined ? null : BigInt.asIntN(64, BigInt(`0x${hex}`));
}

/** Takes the mark and keeps it, on a new connection whenever the old one is lost, until `end`. */
export async function markNode(config: ClientConfig, log: Log): Promise<NodeMark> {
  let current = await take(config);
  let held = true;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  const lost = (why: string): void => {
    if (!held || ended) return;
    held = false;
    log('The connection that marks this node as alive was lost.', { why });
    current.client.end().catch(() => {}); // It is lost already.
    timer = setTimeout(() => void retake(), RETRY_MS).unref();
  };
  const retake = async (): Promise<void> => {
    try {
      const next = await take(config);
      if (ended) return await next.client.end();
      current = next;
      held = true;
      watch();
      log('This node is marked as alive again.', { node: next.id });
    } catch (error) {
      if (ended) return;
      log('This node cannot be marked as alive.', { error: lineOf(error) });
      timer = setTimeout(() => void retake(), RETRY_MS * 4).unref();
    }
  };
  const watch = (): void => {
    const { client } = current;
    client.on('error', (error) => lost(lineOf(error)));
    client.on('end', () => lost('closed'));
    const beat = (): void => {
      client.query('SELECT 1', (error) => {
        if (error) lost(lineOf(error));
        else if (held && current.client === client) timer = setTimeout(beat, HEARTBEAT_MS).unref();
      });
    };
    timer = setTimeout(beat, HEARTBEAT_MS).unref();
    client.unref();
  };

  watch();
  return {
    id: () => current.id,
    isHeld: () => held,
    end: async () => {
      ended = true;
      clearTimeout(timer);
      if (!held) return;
      held = false;
      current.client.ref();
      await current.client.end();
    },
  };
}

async function take(config: ClientConfig): Promise<Held> {
  const client = new Client({ ...config, keepAlive: true, query_timeout: HEARTBEAT_MS }) as RefClient;
  client.on('error', () => {}); // Until `watch` listens; a failed query says the same.
  await client.connect();
  try {
    // A machine that vanishes says no goodbye: the server must look for itself. Locks and idle sessions may be limited by its owner.
    await client.query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3');
    await client.query('SET idle_session_timeout = 0');
    for (;;) {
      const id = `node_${randomBytes(8).toString('hex')}`;
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [keyOf(id)]);
      if (rows[0]?.taken) return { client, id };
    }
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** Those of the ids whose nodes are gone: nobody holds their marks. What is no node id belongs to no living node. */
export async function deadNodes(pool: Pool, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool.query<{ key: string }>(
    `SELECT ((classid::bigint << 32) | objid::bigint)::text AS key FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND objsubid = 1
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  const alive = new Set(rows.map((row) => row.key));
  return ids.filter((id) => !alive.has(String(keyOf(id))));
}
