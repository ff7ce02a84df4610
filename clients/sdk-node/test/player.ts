import { AmazonScraperAPI, type ClientOptions, type Clock, type NewBatch } from '../src/index.ts';

/** A clock that moves only by waiting, which takes no time; it keeps what was waited. */
export class TestClock implements Clock {
  readonly waits: number[] = [];
  /** Called with each wait that begins. */
  onSleep: () => void = () => undefined;
  readonly #random: number;
  #now = Date.parse('2026-03-01T12:00:00Z');

  constructor(random: number) {
    this.#random = random;
  }

  now = (): number => this.#now;
  random = (): number => this.#random;
  sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    this.waits.push(ms);
    this.onSleep();
    signal?.throwIfAborted();
    this.#now += ms;
  };
}

type Args = Readonly<Record<string, unknown>>;

/** What an operation came to: its answer, or what it yielded before an error, if any. */
export interface Played {
  readonly result: unknown;
  readonly items: unknown[];
  readonly progress: number[];
  readonly error: unknown;
}

/** Does one operation in the words of `scenarios.json` and `params.json`. */
export async function play(client: AmazonScraperAPI, op: string, args: Args, signal?: AbortSignal): Promise<Played> {
  const played: { -readonly [K in keyof Played]: Played[K] } = { result: null, items: [], progress: [], error: null };
  const call = signal === undefined ? {} : { signal };
  const text = (name: string): string => String(args[name]);
  const run = async (): Promise<unknown> => {
    switch (op) {
      case 'product':
        return client.product(args as never, call);
      case 'search':
        return client.search(args as never, call);
      case 'search_pages': {
        const { max_pages: maxPages, ...params } = args;
        for await (const page of client.searchPages({ ...params, maxPages } as never, call)) played.items.push(page);
        return null;
      }
      case 'create_batch': {
        const { idempotency_key: key, ...batch } = args;
        const own = typeof key === 'string' ? { idempotencyKey: key } : {};
        return client.createBatch(batch as unknown as NewBatch, { ...call, ...own });
      }
      case 'get_batch':
        return client.getBatch(text('id'), {
          ...call,
          ...(typeof args['results'] === 'boolean' ? { results: args['results'] } : {}),
        });
      case 'list_batches':
        return client.listBatches(args, call);
      case 'wait_for_batch': {
        const { deadline_ms: deadlineMs } = args;
        return client.waitForBatch(text('id'), {
          ...call,
          ...(typeof deadlineMs === 'number' ? { deadlineMs } : {}),
          onProgress: ({ processed_count: done }) => played.progress.push(done),
        });
      }
      case 'batch_results':
        for await (const item of client.batchResults(text('id'), call)) played.items.push(item);
        return null;
      case 'cancel_batch':
        return client.cancelBatch(text('id'), call);
      case 'list_deliveries': {
        const { id, ...params } = args;
        return client.listDeliveries(String(id), params, call);
      }
      case 'redeliver': {
        const { id, ...params } = args;
        return client.redeliver(String(id), params, call);
      }
      case 'estimate':
        return client.estimate(args as never, call);
      case 'account':
        return client.account(call);
      case 'request':
        return client.request(text('request_id'), call);
      default:
        throw new Error(`this client has no operation ${op}`);
    }
  };
  try {
    played.result = await run();
  } catch (error) {
    played.error = error;
  }
  return played;
}

/** Options of a scenario in the client's words. */
export const optionsOf = (options: Readonly<Record<string, number>> = {}): ClientOptions =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name.replace(/_(\w)/g, (_, c: string) => c.toUpperCase()), value]),
  );

/** Whether the answer has what is expected of it: objects by the keys given, lists element by element. Answers the first difference. */
export function difference(seen: unknown, expected: unknown, path = ''): string | null {
  if (Array.isArray(expected)) {
    if (!Array.isArray(seen)) return `${path} is no list`;
    if (seen.length !== expected.length) return `${path} has ${seen.length} elements, not ${expected.length}`;
    return expected.map((one, i) => difference(seen[i], one, `${path}[${i}]`)).find((found) => found !== null) ?? null;
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof seen !== 'object' || seen === null) return `${path} is no object`;
    return (
      Object.entries(expected)
        .map(([key, one]) => difference((seen as Args)[key], one, `${path}.${key}`))
        .find((found) => found !== null) ?? null
    );
  }
  return Object.is(seen, expected) ? null : `${path} is ${JSON.stringify(seen)}, not ${JSON.stringify(expected)}`;
}
