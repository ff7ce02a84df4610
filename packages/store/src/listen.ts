import { Client } from 'pg';
import type { ClientConfig } from 'pg';
import { lineOf } from './errors.ts';

/** Hears notifications of one channel until it is ended. */
export type Listening = { end: () => Promise<void> };

type Log = (message: string, fields?: object) => void;

const PING_MS = 10_000;
const ANSWER_MS = 5_000;
const RETRY_MS = 1_000;

/**
 * Listens on a channel over a connection of its own, and over a new one whenever that is lost. Notifications are wake-up calls, not data: what
 * is sent while there is no connection is never heard, so `onPayload` is also called, with an empty text, after each (re)connection.
 * @param channel letters, digits and underscores
 */
export function listen(
  config: ClientConfig,
  channel: string,
  onPayload: (payload: string) => void,
  log: Log,
): Listening {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(channel)) throw new TypeError(`${channel} is no name of a channel`);
  let ended = false;
  let current: Client | null = null;
  let timer: NodeJS.Timeout | undefined;

  const again = (): void => {
    if (!ended) timer = setTimeout(() => void connect(), RETRY_MS).unref();
  };
  const connect = async (): Promise<void> => {
    const client = new Client({ ...config, keepAlive: true, query_timeout: ANSWER_MS });
    current = client;
    let lost = false;
    const drop = (why: string): void => {
      if (lost || ended) return;
      lost = true;
      clearInterval(ping);
      log('The connection that hears notifications was lost.', { channel, why });
      client.end().catch(() => {});
      again();
    };
    client.on('error', (error) => drop(lineOf(error)));
    client.on('end', () => drop('closed'));
    client.on('notification', ({ payload }) => onPayload(payload ?? ''));
    const ping = setInterval(() => {
      if (ended) return clearInterval(ping);
      client.query('SELECT 1').catch((error: unknown) => drop(lineOf(error)));
    }, PING_MS).unref();
    try {
      await client.connect();
      // Its owner may limit idle sessions.
      await client.query('SET idle_session_timeout = 0');
      await client.query(`LISTEN ${channel}`);
      if (ended) await client.end();
      else onPayload('');
    } catch (error) {
      drop(lineOf(error));
    }
    if (ended) clearInterval(ping);
  };
  void connect();
  return {
    async end() {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      const client = current;
      if (client === null) return;
      // A database that does not answer any more shall not keep us.
      await Promise.race([client.end().catch(() => {}), new Promise((done) => setTimeout(done, 2_000).unref())]);
    },
  };
}
