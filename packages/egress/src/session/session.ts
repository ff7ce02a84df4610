import type { Domain, Language, VerdictClass } from '@asa/contract';
import type { CookieKeeper } from '../transport.ts';
import { SiteCookies } from './cookies.ts';
import type { Identity } from './identity.ts';

/** Limits of one session. */
export interface SessionLimits {
  readonly maxAgeMs: number;
  readonly maxUses: number;
  /** Points of error at which a session is retired. */
  readonly maxErrors: number;
}

/** Age, uses and score as Crawlee found them to last with marketplaces. */
export const SESSION_LIMITS: SessionLimits = { maxAgeMs: 3_000_000, maxUses: 50, maxErrors: 3 };

type Effect = 'good' | 'bad' | 'retire';

/** What an attempt's verdict means for the session that made it. */
const EFFECTS: Readonly<Record<VerdictClass, Effect>> = {
  usable: 'good',
  final: 'good',
  blocked: 'retire',
  unreachable: 'bad',
  timeout: 'bad',
  unreadable: 'bad',
};
const HEALED_BY_SUCCESS = 0.5;

/** One visitor: a browser with its cookies, as the marketplace sees it. */
export class Session implements CookieKeeper {
  readonly id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly #cookies: SiteCookies;
  readonly #limits: SessionLimits;
  readonly #bornAt: number;
  #uses = 0;
  #inFlight = 0;
  #errors = 0;
  #retired = false;
  #lastUsedAt: number;

  constructor(
    id: string,
    identity: Identity,
    { domain, language }: { readonly domain: Domain; readonly language: Language },
    limits: SessionLimits,
    now: number,
  ) {
    this.id = id;
    this.headers = identity.headers(language);
    this.#cookies = new SiteCookies(domain, language);
    this.#limits = limits;
    this.#bornAt = now;
    this.#lastUsedAt = now;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  get lastUsedAt(): number {
    return this.#lastUsedAt;
  }

  /** Points lost so far; a success heals half a point. */
  get errors(): number {
    return this.#errors;
  }

  /** Whether another request may be made with it. */
  isUsable(now: number): boolean {
    return !this.#retired && this.#uses < this.#limits.maxUses && now - this.#bornAt < this.#limits.maxAgeMs;
  }

  begin(now: number): void {
    this.#uses += 1;
    this.#inFlight += 1;
    this.#lastUsedAt = now;
  }

  /** Ends a use. `outcome` is the class of the verdict, or null when the attempt says nothing about the session. */
  end(outcome: VerdictClass | null): void {
    this.#inFlight -= 1;
    const effect = outcome === null ? null : EFFECTS[outcome];
    if (effect === 'good') this.#errors = Math.max(0, this.#errors - HEALED_BY_SUCCESS);
    if (effect === 'bad') this.#errors += 1;
    if (effect === 'retire' || this.#errors >= this.#limits.maxErrors) this.#retired = true;
  }

  cookieHeader(url: URL): string | null {
    return this.#cookies.cookieHeader(url);
  }

  keepCookies(url: URL, setCookie: readonly string[]): void {
    this.#cookies.keepCookies(url, setCookie);
  }
}
