import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
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

// pg has these; its types do not.
type BareClient = Client & { ref: () => void; unref: () => void; connection: { stream: Socket } };
type Held = { client: BareClient; id: string };
type Log = (message: string, fields?: object) => void;

const BEAT_MS = 5_000;
const TAKE_MS = 5_000;
const RETRY_MS = 500;
const END_MS = 2_000;
const ID = /^node_([0-9a-f]{16})$/;

/** The advisory lock of a node id, as PostgreSQL shows a 64-bit key in pg_locks: two unsigned 32-bit halves. */
function keyOf(id: string): bigint | null {
  const hex = ID.exec(id)?.[1];
  return hex === undefined ? null : BigInt.asIntN(64, BigInt(`0x${hex}`));
}

/**
 * Takes the mark and keeps it, on a new connection whenever the old one is lost, until `end`.
 * @param beatMs how often the connection is tried; it counts as lost when two tries in a row stay unanswered (one may be due to a pause of
 *   this process).
 */
export async function markNode(config: ClientConfig, log: Log, beatMs = BEAT_MS): Promise<NodeMark> {
  let current = await take(config);
  let held = true;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  const lost = (client: Client, why: string): void => {
    if (!held || ended || current.client !== client) return;
    held = false;
    log('The connection that marks this node as alive was lost.', { why });
    clearInterval(timer);
    current.client.connection.stream.destroy();
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
      timer = setTimeout(() => void retake(), RETRY_MS).unref();
    }
  };
  const watch = (): void => {
    const { client } = current;
    let unanswered = 0;
    client.on('error', (error) => lost(client, lineOf(error)));
    client.on('end', () => lost(client, 'closed'));
    client.unref();
    timer = setInterval(() => {
      if (unanswered++ >= 2) return lost(client, 'no answer');
      if (unanswered > 1) return;
      client.query('SELECT 1', (error) => {
        if (error) lost(client, lineOf(error));
        else unanswered = 0;
      });
    }, beatMs).unref();
  };

  watch();
  return {
    id: () => current.id,
    isHeld: () => held,
    end: async () => {
      ended = true;
      clearInterval(timer);
      if (!held) return;
      held = false;
      current.client.ref();
      // A database that does not answer any more shall not keep us.
      const late = setTimeout(() => current.client.connection.stream.destroy(), END_MS);
      await current.client.end().finally(() => clearTimeout(late));
    },
  };
}

async function take(config: ClientConfig): Promise<Held> {
  const client = new Client({ ...config, keepAlive: true, query_timeout: TAKE_MS }) as BareClient;
  client.on('error', () => {}); // Until `watch` listens; a failed query says the same.
  await client.connect();
  try {
    // A machine that vanishes says no goodbye: the server must look for itself. Its owner may limit idle sessions.
    await client.query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3');
    await client.query('SET idle_session_timeout = 0');
    for (;;) {
      const id = `node_${randomBytes(8).toString('hex')}`;
      const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [keyOf(id)]);
      if (rows[0]?.taken) return { client, id };
    }
  } catch (error) {
    client.connection.stream.destroy();
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
