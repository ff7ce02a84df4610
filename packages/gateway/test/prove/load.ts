import { setTimeout as sleep } from 'node:timers/promises';

/** The callers of the proof, and what they know: the first of the three accounts. */

export interface Customer {
  readonly workspace: string;
  readonly key: string;
  readonly opening: number;
}

/** One request as its caller saw it. */
export interface Call {
  readonly customer: Customer;
  /** The ASIN or the words asked for: nobody else asks for them. */
  readonly query: string;
  readonly kind: 'product' | 'search' | 'missing';
  /** Null while it is on its way, and when the connection broke: then the caller has no answer. */
  answer: {
    readonly status: number;
    readonly error: string | null;
    readonly requestId: string;
    readonly cost: number;
  } | null;
}

export interface Load {
  /** Every request that was sent. */
  readonly calls: readonly Call[];
  /** Those that are on their way now. */
  readonly inFlight: ReadonlySet<Call>;
  /** Lets the callers ask this server. */
  start: (url: string) => void;
  /** Resolves when so many more requests were answered, or no answer has come for a while. */
  answered: (more: number) => Promise<void>;
  /** Lets nobody ask any more; resolves when every request has ended. */
  pause: () => Promise<void>;
  /** Ends the callers. */
  end: () => Promise<void>;
}

const TURN_MS = 5;
const QUIET_TURNS = 4000;

/** @param random 0 to 1 */
export function createLoad(customers: readonly Customer[], callersEach: number, random: () => number): Load {
  const calls: Call[] = [];
  const inFlight = new Set<Call>();
  let url: string | null = null;
  const state = { over: false, answers: 0 };
  let opened = Promise.withResolvers<void>();
  let idle = Promise.withResolvers<void>();

  const next = (customer: Customer): Call => {
    const n = calls.length.toString(36).toUpperCase().padStart(8, '0');
    const chance = random();
    const kind = chance < 0.75 ? 'product' : chance < 0.9 ? 'search' : 'missing';
    const query = kind === 'product' ? `B0${n}` : kind === 'search' ? `things number ${n}` : 'SANDBOX404';
    return { customer, query, kind, answer: null };
  };
  const ask = async (call: Call, at: string): Promise<void> => {
    const { kind, query, customer } = call;
    const path = kind === 'search' ? `search?pages=2&query=${encodeURIComponent(query)}` : `product?query=${query}`;
    try {
      const response = await fetch(`${at}/api/v1/amazon/${path}`, {
        headers: { authorization: `Bearer ${customer.key}` },
      });
      const body = (await response.json()) as { request_id: string; error?: string };
      call.answer = {
        status: response.status,
        error: body.error ?? null,
        requestId: body.request_id,
        cost: Number(response.headers.get('asa-cost')),
      };
      state.answers += 1;
    } catch {
      // The server was killed: whatever was paid for it, this caller never saw.
    }
  };
  const caller = async (customer: Customer): Promise<void> => {
    while (!state.over) {
      if (url === null) {
        await opened.promise;
        continue;
      }
      const call = next(customer);
      calls.push(call);
      inFlight.add(call);
      await ask(call, url);
      inFlight.delete(call);
      if (inFlight.size === 0) idle.resolve();
    }
  };
  const callers = customers.flatMap((customer) => Array.from({ length: callersEach }, () => caller(customer)));
  const pause = async (): Promise<void> => {
    url = null;
    idle = Promise.withResolvers<void>();
    if (inFlight.size > 0) await idle.promise;
  };
  return {
    calls,
    inFlight,
    start(at) {
      url = at;
      opened.resolve();
      opened = Promise.withResolvers<void>();
    },
    async answered(more) {
      const target = state.answers + more;
      for (let quiet = 0; quiet < QUIET_TURNS; quiet += 1) {
        const { answers } = state;
        if (answers >= target) return;
        await sleep(TURN_MS);
        if (state.answers > answers) quiet = 0;
      }
    },
    pause,
    async end() {
      state.over = true;
      await pause();
      opened.resolve();
      await Promise.all(callers);
    },
  };
}
