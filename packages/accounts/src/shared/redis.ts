import { createHash } from 'node:crypto';
import { createClient } from '@redis/client';
import type { Context } from '../types.ts';

/** A connection to Redis (or Valkey) that nobody ever waits for longer than a bound, and that comes back by itself. */
export interface Redis {
  /** Runs a script; null when Redis did not answer in time or is away. What it does late, it does all the same. */
  readonly run: (script: string, keys: readonly string[], args: readonly string[]) => Promise<unknown>;
  /** Sends a command without waiting for its answer; lost when Redis is away. */
  readonly send: (command: readonly string[]) => void;
  /** Whether Redis answers. While it does not, `run` answers null at once. */
  readonly isThere: () => boolean;
  /** How many scripts were not answered so far. */
  readonly unanswered: () => number;
  /** Calls back whenever Redis is there again, the first time included, before anything else is run. */
  readonly onBack: (back: () => void) => void;
  /** Calls back for messages of a channel that other processes sent, and whenever some may have been missed (then with null). */
  readonly listen: (channel: string, heard: (message: string | null) => void) => void;
  readonly close: () => void;
}

interface RedisOptions extends Pick<Context, 'log'> {
  readonly url: string;
  /** Longest wait for an answer, in ms. */
  readonly waitMs?: number;
  /** How often an absent Redis is asked whether it is back, in ms. */
  readonly probeMs?: number;
}

const WAIT_MS = 500;
/** A timer that comes so much later than it should tells of this process, not of Redis. */
const LATE_FACTOR = 1.5;
const PROBE_MS = 250;
const CONNECT_MS = 2000;
const RECONNECT_MS = 500;
/** A connection on which nothing was heard for so long, though it is probed, is given up. */
const SILENCE_MS = 10_000;
const KEEP_ALIVE_MS = 3000;

const shaOf = (script: string): string => createHash('sha1').update(script).digest('hex');

/** Begins to connect; resolves when Redis answers, or after a bounded wait without it. Never rejects. */
export async function openRedis(options: RedisOptions): Promise<Redis> {
  const { log, waitMs = WAIT_MS, probeMs = PROBE_MS } = options;
  const client = createClient({
    url: options.url,
    // What cannot be sent now is not worth sending later: the caller has gone on without it.
    disableOfflineQueue: true,
    pingInterval: KEEP_ALIVE_MS,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (tries) => Math.min(RECONNECT_MS, 50 * 2 ** Math.min(tries, 8)),
    },
  });
  const ears = client.duplicate();
  const backs: (() => void)[] = [];
  const shas = new Map<string, string>();
  let there = false;
  let unanswered = 0;
  let closed = false;
  let probing: NodeJS.Timeout | null = null;

  const away = (why: unknown): void => {
    if (closed) return;
    if (there)
      log('Redis does not answer: the limits are those of this node alone until it is back.', { error: textOf(why) });
    there = false;
    probing ??= setTimeout(probe, probeMs).unref();
  };
  const probe = async (): Promise<void> => {
    probing = null;
    if (closed) return;
    let answer: unknown = null;
    try {
      if (client.isReady) answer = await within(waitMs, client.sendCommand(['PING']));
    } catch (error) {
      return away(error);
    }
    if (answer === null || closed) return away('no answer');
    if (there) return;
    there = true;
    log('Redis answers: the limits are shared.', {});
    for (const back of backs) back();
  };
  // An error here is told by what it does: commands that fail, or a connection that is made anew.
  client.on('error', away);
  client.on('ready', () => void probe());
  ears.on('error', () => {});

  const evaluate = async (script: string, keys: readonly string[], args: readonly string[]): Promise<unknown> => {
    const rest = [String(keys.length), ...keys, ...args];
    const sha = shas.get(script) ?? shaOf(script);
    shas.set(script, sha);
    try {
      return await client.sendCommand(['EVALSHA', sha, ...rest]);
    } catch (error) {
      // A Redis that was started anew has forgotten it.
      if (!textOf(error).startsWith('NOSCRIPT')) throw error;
      return await client.sendCommand(['EVAL', script, ...rest]);
    }
  };

  const redis: Redis = {
    async run(script, keys, args) {
      let answer: unknown = null;
      try {
        if (there) {
          answer = await within(waitMs, evaluate(script, keys, args));
          if (answer === null) away('no answer in time');
        }
      } catch (error) {
        away(error);
      }
      if (answer === null) unanswered += 1;
      return answer;
    },
    send(command) {
      if (client.isReady) client.sendCommand(command).catch(() => {});
    },
    isThere: () => there,
    unanswered: () => unanswered,
    onBack(back) {
      backs.push(back);
      if (there) back();
    },
    listen(channel, heard) {
      const listener = (message: string): void => heard(message);
      // Subscribed again by the client on each new connection; what was sent in between is lost.
      ears.on('ready', () => heard(null));
      if (ears.isReady) ears.subscribe(channel, listener).catch(() => {});
      else ears.once('ready', () => void ears.subscribe(channel, listener).catch(() => {}));
    },
    close() {
      closed = true;
      there = false;
      if (probing !== null) clearTimeout(probing);
      for (const one of [client, ears]) one.destroy();
    },
  };
  const connected = Promise.allSettled([client.connect(), ears.connect()]);
  await within(CONNECT_MS, connected);
  if (client.isReady) await probe();
  if (!there) away('it could not be reached');
  return redis;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * What a promise answers, or null when it takes too long; then what comes of it is nobody's business. When it was this process that was late,
 * for it had no turn, it waits once more.
 */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const started = performance.now();
  const late = new Promise<null>((resolve) => {
    const giveUp = (): void => {
      timer = setTimeout(() => setImmediate(() => resolve(null)), ms);
    };
    timer = setTimeout(() => {
      if (performance.now() - started > LATE_FACTOR * ms) giveUp();
      // One more turn: an answer that is there already is read before it is called late.
      else setImmediate(() => resolve(null));
    }, ms);
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
