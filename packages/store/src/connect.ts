import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { codeOf, lineOf, StoreConnectError } from './errors.ts';
import { columnTypes } from './types.ts';

/** How long a database may take to accept a connection or to answer a ping, in ms. */
export const ANSWER_MS = 5_000;
const STARTUP_MS = 10_000;
const MIN_VERSION = 15;

/**
 * Refuses what is no URL of a PostgreSQL; the parser's own error would show the whole text, with its password. The host may be left out
 * (`postgres://user@/database?host=/run/postgresql`).
 */
export function checkUrl(url: string): void {
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url.replace('@/', '@host/'))) return;
  throw new StoreConnectError('DATABASE_URL is not a URL like postgres://user:password@host:5432/database.');
}

export function clientConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    types: columnTypes,
    application_name: 'asa',
    connectionTimeoutMillis: ANSWER_MS,
    keepAlive: true,
    // Days and months begin at the same moment whatever the owner of the server prefers.
    options: '-c TimeZone=UTC',
  };
}

/** Connects, waiting a little for a database that is just starting beside us. */
export async function connect(config: ClientConfig): Promise<Client> {
  const end = performance.now() + STARTUP_MS;
  for (;;) {
    const client = new Client(config);
    client.on('error', () => {}); // A lost connection also rejects the query that runs on it.
    try {
      await client.connect();
      return client;
    } catch (error) {
      const starting = ['ECONNREFUSED', '57P03'].includes(codeOf(error) ?? '') && performance.now() < end;
      if (!starting) throw unreachable(client, error);
      await sleep(200);
    }
  }
}

export function unreachable(client: Client, error: unknown): StoreConnectError {
  const where = `${client.host}:${client.port}/${client.database ?? ''} as ${client.user ?? ''}`;
  return new StoreConnectError(`The database at ${where} cannot be used: ${lineOf(error)}. Check DATABASE_URL.`, {
    cause: error,
  });
}

export async function checkServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number; encoding: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding`,
  );
  const { version = 0, encoding = '' } = rows[0] ?? {};
  const major = Math.floor(version / 10_000);
  if (major < MIN_VERSION) {
    throw new StoreConnectError(`The database is PostgreSQL ${major}; at least ${MIN_VERSION} is needed.`);
  }
  if (encoding !== 'UTF8') {
    throw new StoreConnectError(`The database has the encoding ${encoding}; create it with ENCODING 'UTF8'.`);
  }
}
