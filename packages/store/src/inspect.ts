import { Client } from 'pg';
import { checkServer, checkUrl, clientConfig, unreachable } from './connect.ts';

/** What a look at a database showed. */
export type Inspected = {
  /** As it calls itself, for example `18.1`. */
  version: string;
  /** Its clock, in milliseconds since the epoch. */
  now: number;
};

/**
 * Looks at a database without changing anything in it: whether it can be reached and is one that a store can use.
 * @throws StoreConnectError with one line that says what to do.
 */
export async function inspectDatabase(url: string): Promise<Inspected> {
  checkUrl(url);
  const client = new Client(clientConfig(url));
  client.on('error', () => {}); // A lost connection also rejects the query that runs on it.
  try {
    await client.connect();
  } catch (error) {
    throw unreachable(client, error);
  }
  try {
    await checkServer(client);
    const { rows } = await client.query<{ version: string; now: number }>(
      `SELECT split_part(current_setting('server_version'), ' ', 1) AS version, extract(epoch FROM clock_timestamp())::float8 * 1000 AS now`,
    );
    const [found] = rows;
    if (found === undefined) throw new Error('the database answered nothing');
    return found;
  } finally {
    await client.end();
  }
}
