import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import type { ClientConfig, PoolClient, PoolConfig, QueryConfig, QueryResultRow } from 'pg';
import { ANSWER_MS, checkServer, checkUrl, clientConfig, connect } from './connect.ts';
import { startEmbedded } from './embedded/embedded.ts';
import type { Embedded, Log } from './embedded/supervise.ts';
import { lineOf, StoreConnectError, StoreSetupError } from './errors.ts';
import { listen } from './listen.ts';
import type { Listening } from './listen.ts';
import { MIGRATIONS_DIR, migrate, readMigrations } from './migrate.ts';
import { deadNodes, markNode } from './node.ts';
import type { NodeMark } from './node.ts';
import { runTransaction } from './transaction.ts';
import type { Tx } from './transaction.ts';

export type StoreOptions = {
  /** The URL of a PostgreSQL (15 or newer); null: one of our own, in the data folder. */
  databaseUrl: string | null;
  dataDir: string;
  log?: Log;
  /** Connections for queries, at most. */
  poolSize?: number;
  /**
   * False for tests that must start quickly: our own database then may be lost when the machine stops (not when a process does). A database
   * once opened so stays unsafe to keep. Default true.
   */
  durable?: boolean;
};

export type Store = {
  pool: Pool;
  /**
   * A few connections for named statements of the hot path, which are planned once per connection and always in the same way: by index
   * lookups, whatever the statistics say of tables that were empty a minute ago.
   */
  steady: Pool;
  /** Runs one statement on any connection; rows as objects. */
  query: <T extends QueryResultRow>(sql: string, params?: readonly unknown[]) => Promise<T[]>;
  /**
   * Runs `fn` in one transaction: committed when it resolves, rolled back when it rejects (with its error). Resolves only when the commit
   * is durable. Nothing is repeated: a serialization failure or deadlock is the caller's to try again.
   */
  transaction: <T>(fn: (tx: Tx) => Promise<T>) => Promise<T>;
  /** The same on one of the steady connections: for named statements that run all the time. */
  steadyTransaction: <T>(fn: (tx: Tx) => Promise<T>) => Promise<T>;
  /** Lends one connection; it is closed when `fn` rejects, for its state is unknown then. */
  withClient: <T>(fn: (client: PoolClient) => Promise<T>) => Promise<T>;
  /** This process among the others on the database. The id changes when its connection was lost. */
  node: { readonly id: string };
  /** Those of the node ids whose processes are gone. */
  deadNodes: (ids: readonly string[]) => Promise<string[]>;
  /**
   * Hears notifications (`pg_notify`) of a channel until it is ended or the store is closed; calls with an empty text after each connection, for
   * what was sent before is not heard.
   */
  listen: (channel: string, onPayload: (payload: string) => void) => Listening;
  /** Whether the database answers, as far as known without asking. */
  isAlive: () => boolean;
  /** Asks the database; rejects when it does not answer in 5 s. */
  ping: () => Promise<void>;
  /** Ends the connections (waiting at most 5 s for those in use), then our own PostgreSQL. May be called again. */
  close: () => Promise<void>;
  embedded: boolean;
  /** Where other processes find the database; holds the password. */
  databaseUrl: string;
};

const DATABASE = 'asa';
const DRAIN_MS = 5_000;
const IDLE_MS = 60_000;
/** No statement of a request may take longer, waiting for locks included. */
const STATEMENT_MS = 10_000;
const STEADY_SIZE = 5;
const STEADY_PLANS = [
  'plan_cache_mode=force_generic_plan',
  ...['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((way) => `enable_${way}=off`),
];

/**
 * Opens the store: starts or reaches PostgreSQL, brings the tables up to date, and marks this node as alive. An open store does not keep
 * the process running by itself.
 * @throws StoreError (see its subclasses) with one line that says what to do.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const log = options.log ?? (() => {});
  if (options.databaseUrl !== null) {
    checkUrl(options.databaseUrl);
    return await openAt(options.databaseUrl, null, options, log);
  }
  const embedded = await startEmbedded({ dataDir: options.dataDir, log, durable: options.durable ?? true });
  try {
    await createDatabase(embedded);
    return await openAt(embedded.url(DATABASE), embedded, options, log);
  } catch (error) {
    await embedded.stop();
    if (!(error instanceof StoreConnectError)) throw error;
    throw new StoreSetupError(
      `The database in ${embedded.cluster} started but cannot be used: ${lineOf(error.cause)}. If its password was lost, restore ${embedded.cluster}/asa.secret.`,
      { cause: error.cause },
    );
  }
}

async function createDatabase(embedded: Embedded): Promise<void> {
  const client = await connect(clientConfig(embedded.url('postgres')));
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (!rowCount) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function openAt(url: string, embedded: Embedded | null, options: StoreOptions, log: Log): Promise<Store> {
  const config = clientConfig(url);
  await prepare(config, log);
  const mark = await markNode(config, log);
  const common: PoolConfig = {
    ...config,
    idleTimeoutMillis: IDLE_MS,
    // The database gives up first, and says so; ours is for one that says nothing any more.
    statement_timeout: STATEMENT_MS,
    query_timeout: STATEMENT_MS + 2_000,
    allowExitOnIdle: true,
  };
  const size = options.poolSize ?? 10;
  const pool = new Pool({ ...common, max: size });
  const steady = new Pool({
    ...common,
    max: Math.min(size, STEADY_SIZE),
    options: [config.options, ...STEADY_PLANS.map((setting) => `-c ${setting}`)].join(' '),
  });
  // Without a listener a connection that breaks while it is lent would end the process; its query rejects anyway.
  for (const each of [pool, steady]) each.on('connect', (client) => client.on('error', () => {}));
  return makeStore({ pool, steady }, mark, embedded, config, url, log);
}

/** Migrates on a connection of its own. */
async function prepare(config: ClientConfig, log: Log): Promise<void> {
  const client = await connect(config);
  try {
    await checkServer(client);
    const applied = await migrate(client, await readMigrations(MIGRATIONS_DIR));
    if (applied.length > 0) log('The tables were brought up to date.', { migrations: applied });
  } finally {
    await client.end();
  }
}

function makeStore(
  { pool, steady }: Pick<Store, 'pool' | 'steady'>,
  mark: NodeMark,
  embedded: Embedded | null,
  config: ClientConfig,
  databaseUrl: string,
  log: Log,
): Store {
  const listening = new Set<Listening>();
  let closing: Promise<void> | null = null;
  for (const each of [pool, steady]) {
    each.on('error', (error) => {
      if (!closing) log('An idle connection to the database was lost.', { error: lineOf(error) });
    });
  }
  const withClient: Store['withClient'] = async (fn) => {
    const client = await pool.connect();
    try {
      const result = await fn(client);
      client.release();
      return result;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
  const close = async (): Promise<void> => {
    await Promise.all([...listening].map((one) => one.end()));
    await mark.end();
    await Promise.race([Promise.all([pool.end(), steady.end()]), sleep(DRAIN_MS, undefined, { ref: false })]);
    await embedded?.stop();
  };
  return {
    pool,
    steady,
    query: async (sql, params = []) => (await pool.query(sql, [...params])).rows,
    transaction: (fn) => runTransaction(pool, fn),
    steadyTransaction: (fn) => runTransaction(steady, fn),
    withClient,
    node: {
      get id() {
        return mark.id();
      },
    },
    deadNodes: (ids) => deadNodes(pool, ids),
    listen: (channel, onPayload) => {
      const one = listen(config, channel, onPayload, log);
      listening.add(one);
      return {
        end: () => {
          listening.delete(one);
          return one.end();
        },
      };
    },
    isAlive: () => closing === null && mark.isHeld() && (embedded?.isRunning() ?? true),
    ping: async () => {
      await pool.query({ text: 'SELECT 1', query_timeout: ANSWER_MS } as QueryConfig);
    },
    close: () => (closing ??= close()),
    embedded: embedded !== null,
    databaseUrl,
  };
}
