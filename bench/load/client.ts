import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Got {
  readonly status: number;
  readonly body: Buffer;
  /** From before the request until the last byte, in ms. */
  readonly ms: number;
}

/** A client that costs as little as can be: bare node:http with keep-alive. */
export function createClient(headers: Readonly<Record<string, string>> = {}): {
  get(url: string, more?: Readonly<Record<string, string>>): Promise<Got>;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true });
  return {
    get(url, more = {}) {
      const started = performance.now();
      return new Promise((resolve, reject) => {
        httpRequest(url, { agent, headers: { ...headers, ...more } }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              body: Buffer.concat(chunks),
              ms: performance.now() - started,
            }),
          );
          response.on('error', reject);
        })
          .on('error', reject)
          .end();
      });
    },
    close: () => agent.destroy(),
  };
}

export interface Crowd {
  /** Requests in flight. */
  readonly size: number;
  /** They come in evenly over this time, in ms: callers do not begin all at once. */
  readonly rampMs: number;
  /** Then each asks again as soon as it is answered, until this long after the start, in ms. */
  readonly lastMs: number;
  /** One request of the n-th caller, the `turn`-th of its own; false: it failed. */
  readonly ask: (caller: number, turn: number) => Promise<boolean>;
}

/** Keeps so many requests in flight; answers how many were answered and how many failed. */
export async function crowd({ size, rampMs, lastMs, ask }: Crowd): Promise<{ answered: number; failed: number }> {
  const endsAt = performance.now() + lastMs;
  let answered = 0;
  let failed = 0;
  const caller = async (n: number): Promise<void> => {
    await sleep((rampMs * n) / size);
    for (let turn = 0; turn === 0 || performance.now() < endsAt; turn++) {
      if (await ask(n, turn)) answered += 1;
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: size }, (_, n) => caller(n)));
  return { answered, failed };
}

/** The value below which that share of the values is. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

/** A figure beside its goal. */
export const against = (isMet: boolean, goal: string): string => `${isMet ? 'goal met' : 'goal MISSED'} (${goal})`;
