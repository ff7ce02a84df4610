import type { Store } from '@asa/store';
import { claimDue, unclaim, type Claimed } from './queue.ts';
import { record } from './record.ts';
import { send, type SendOptions, type Sent } from './send.ts';
import { signatureHeaders } from './signature.ts';
import { readTarget } from './target.ts';

/** What is due is looked for this often; what was just stored is sent at once. */
const POLL_MS = 1000;

export interface DispatchOptions extends Omit<SendOptions, 'signal'> {
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: (message: string, fields?: object) => void;
  /** The body of an event that was stored without one; null when what it is about is gone. */
  readonly bodyOf: (event: Pick<Claimed, 'batch_id' | 'event' | 'subject'>) => Promise<string | null>;
}

/** Sends what is due, within the ceilings, from any number of nodes: each event is taken by one of them. */
export interface Dispatcher {
  /** Looks for what is due now; resolves when it was taken, not when it was sent. Never rejects. */
  readonly pump: () => Promise<void>;
  /** Waits until nothing is being sent. */
  readonly settled: () => Promise<void>;
  /** From now on looks regularly. */
  readonly start: () => void;
  /** Takes nothing more; what is being sent may end within the time of one attempt, and is given back otherwise. */
  readonly close: (graceMs: number) => Promise<void>;
}

export function createDispatcher(options: DispatchOptions): Dispatcher {
  const { store, now, log } = options;
  const atWork = new Map<Claimed, Promise<void>>();
  const stop = new AbortController();
  const state: { pumping: Promise<void> | null; again: boolean; closing: boolean } = {
    pumping: null,
    again: false,
    closing: false,
  };
  let timer: NodeJS.Timeout | undefined;

  const deliver = async (claimed: Claimed): Promise<void> => {
    try {
      const startedAt = now();
      const begun = performance.now();
      const sent = await attempt(claimed, options, stop.signal);
      const durationMs = Math.round(performance.now() - begun);
      await record(store, claimed, { ...sent, startedAt, durationMs }, now());
    } catch (error) {
      if (stop.signal.aborted) await unclaim(store, claimed, now()).catch(() => {});
      // It is due again when its lease is over.
      else log('An event could not be sent or written down.', { error: String(error), id: claimed.id });
    }
  };

  const round = async (): Promise<void> => {
    do {
      state.again = false;
      while (!state.closing) {
        const claimed = await claimDue(store, [...atWork.keys()], now());
        if (claimed.length === 0) break;
        for (const one of claimed) {
          const work = deliver(one).finally(() => {
            atWork.delete(one);
            void pump();
          });
          atWork.set(one, work);
        }
      }
    } while (state.again && !state.closing);
  };

  const pump = async (): Promise<void> => {
    if (state.closing) return;
    state.again = true;
    state.pumping ??= round()
      .catch((error: unknown) => log('Events could not be looked for.', { error: String(error) }))
      .finally(() => {
        state.pumping = null;
      });
    await state.pumping;
  };

  const settled = async (): Promise<void> => {
    while (state.pumping !== null || atWork.size > 0) await Promise.all([state.pumping, ...atWork.values()]);
  };

  return {
    pump,
    settled,
    start() {
      timer ??= setInterval(() => void pump(), POLL_MS).unref();
    },
    async close(graceMs) {
      state.closing = true;
      clearInterval(timer);
      const grace = setTimeout(() => stop.abort(), graceMs);
      await settled();
      clearTimeout(grace);
    },
  };
}

async function attempt(claimed: Claimed, options: DispatchOptions, signal: AbortSignal): Promise<Sent> {
  // Again: the setting may have changed since it was accepted.
  const { url } = readTarget(claimed.url, options.policy);
  if (url === null) return failed('its URL is not one that events are sent to');
  const body = claimed.body ?? (await bodyFor(claimed, options));
  if (body === undefined) return failed('the event could not be put together, which is a bug of the service');
  if (body === null) return failed('what it is about was deleted');
  const time = options.now();
  const bytes = Buffer.from(body);
  const headers = {
    'x-asa-event': claimed.event,
    ...(claimed.batch_id === null ? {} : { 'x-asa-batch-id': claimed.batch_id }),
    ...signatureHeaders(secretsOf(claimed, time), {
      id: claimed.id,
      timestamp: Math.floor(time / 1000),
      body: bytes,
    }),
  };
  return await send({ url, headers, body: bytes }, { ...options, signal });
}

/** Undefined: an exception, which is ours and counts as a failed attempt, so that it cannot go on for ever. */
async function bodyFor(claimed: Claimed, { bodyOf, log }: DispatchOptions): Promise<string | null | undefined> {
  try {
    return await bodyOf(claimed);
  } catch (error) {
    log('The body of an event could not be made.', { error: String(error), id: claimed.id });
    return undefined;
  }
}

const failed = (error: string): Sent => ({ status: null, error, response: '' });

function secretsOf({ secret, old_secret, old_secret_until }: Claimed, now: number): [string, ...string[]] {
  const isOldValid = old_secret !== null && old_secret_until !== null && old_secret_until.getTime() > now;
  return isOldValid ? [secret, old_secret] : [secret];
}
