import type { ChainEntry } from './generated/types.ts';

/** What was done under a request id so far. */
interface Request {
  held: number;
  released: boolean;
  captured: number;
  refunded: boolean;
}

/** The life of each request in a ledger: held, released, captured and refunded at most once and in that order. */
export class Requests {
  captures = 0;
  charged = 0;
  readonly #all = new Map<string, Request>();
  readonly #isPart: boolean;

  /** @param isPart the export begins in the middle: what began before it is believed */
  constructor(isPart: boolean) {
    this.#isPart = isPart;
  }

  /** How many are held and not settled. */
  get open(): number {
    return [...this.#all.values()].filter(({ held, released }) => held > 0 && !released).length;
  }

  /** What is wrong with an entry after those before; null when nothing is. */
  settle({ kind, amount, request_id: id }: ChainEntry): string | null {
    if (kind === 'grant' || kind === 'topup')
      return amount > 0 && id === null ? null : `a ${kind} adds credits, and for no request`;
    if (id === null) return kind === 'adjust' ? null : `a ${kind} without a request`;
    const request = this.#all.get(id) ?? this.#earlier(kind);
    if (request === null) return `a ${kind} of ${id}, which was never held`;
    this.#all.set(id, request);
    switch (kind) {
      case 'hold':
        return hold(request, id, amount);
      case 'release':
        return release(request, id, amount);
      case 'capture':
        if (request.captured > 0) return `${id} was captured before`;
        if (!request.released || amount >= 0 || -amount > request.held)
          return `${id} captures ${-amount} of ${request.held} held`;
        request.captured = -amount;
        this.captures += 1;
        break;
      case 'adjust':
        if (request.refunded || (request.captured !== amount && request.held !== Infinity))
          return `${id} refunds ${amount} of ${request.captured}`;
        request.refunded = true;
    }
    this.charged -= amount;
    return null;
  }

  #earlier(kind: ChainEntry['kind']): Request | null {
    if (kind === 'hold') return { held: 0, released: false, captured: 0, refunded: false };
    return this.#isPart ? { held: Infinity, released: kind !== 'release', captured: 0, refunded: false } : null;
  }
}

function hold(request: Request, id: string, amount: number): string | null {
  if (request.held !== 0) return `${id} was held before`;
  if (amount >= 0) return 'a hold takes credits';
  request.held = -amount;
  return null;
}

function release(request: Request, id: string, amount: number): string | null {
  if (request.released) return `${id} was released before`;
  if (request.held !== Infinity && amount !== request.held) return `${id} held ${request.held} credits, not ${amount}`;
  request.released = true;
  return null;
}
