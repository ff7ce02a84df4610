import { verdictClass, type Domain, type Language, type Verdict, type VerdictClass } from '@asa/contract';
import type { CookieKeeper } from '../transport.ts';
import type { Exit } from '../types.ts';
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

/** What the verdict of an attempt adds to the error score of the session that made it. */
const POINTS: Readonly<Record<VerdictClass, number>> = {
  usable: -0.5,
  final: -0.5,
  blocked: 1,
  unreachable: 1,
  timeout: 1,
  unreadable: 1,
  cut: 0,
};

interface SessionParts {
  readonly id: string;
  readonly identity: Identity;
  readonly domain: Domain;
  readonly language: Language;
  readonly exit: Exit;
  /** Tells the configuration of its tier and exit from any other. */
  readonly origin: string;
  readonly limits: SessionLimits;
  /** Milliseconds. */
  readonly now: number;
  /** Told of each verdict. */
  readonly onVerdict?: (verdict: Verdict) => void;
}

/** One visitor: a browser with its language, its cookies and its way out, as the marketplace sees it. */
export class Session implements CookieKeeper {
  readonly id: string;
  readonly language: Language;
  readonly headers: Readonly<Record<string, string>>;
  /** The browser below HTTP, for transports that can be one; null: none of theirs. */
  readonly fingerprint: string | null;
  readonly exit: Exit;
  readonly origin: string;
  readonly #cookies: SiteCookies;
  readonly #limits: SessionLimits;
  readonly #bornAt: number;
  readonly #onVerdict: SessionParts['onVerdict'];
  #uses = 0;
  #inFlight = 0;
  #errors = 0;
  #exitFailed = false;
  #lastUsedAt: number;

  constructor({ id, identity, domain, language, exit, origin, limits, now, onVerdict }: SessionParts) {
    this.id = id;
    this.language = language;
    this.headers = identity.headers(language);
    this.fingerprint = identity.fingerprint;
    this.exit = exit;
    this.origin = origin;
    this.#cookies = new SiteCookies(domain, language);
    this.#limits = limits;
    this.#bornAt = now;
    this.#lastUsedAt = now;
    this.#onVerdict = onVerdict;
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

  /** Why no further request may be made with it, or null while one may. */
  spentBy(now: number): 'errors' | 'age' | 'uses' | null {
    if (this.#exitFailed || this.#errors >= this.#limits.maxErrors) return 'errors';
    if (this.#uses >= this.#limits.maxUses) return 'uses';
    return now - this.#bornAt >= this.#limits.maxAgeMs ? 'age' : null;
  }

  begin(now: number): void {
    this.#uses += 1;
    this.#inFlight += 1;
    this.#lastUsedAt = now;
  }

  /** Ends a use. `verdict` is what it brought, or null when the attempt says nothing about the session. */
  end(verdict: Verdict | null): void {
    this.#inFlight -= 1;
    if (verdict === null) return;
    this.#errors = Math.max(0, this.#errors + POINTS[verdictClass(verdict)]);
    // A visitor does not move to another address: a session ends with its proxy.
    if (verdict === 'proxy' && this.exit.proxy !== null) this.#exitFailed = true;
    this.#onVerdict?.(verdict);
  }

  cookieHeader(url: URL): string | null {
    return this.#cookies.cookieHeader(url);
  }

  keepCookies(url: URL, setCookie: readonly string[]): void {
    this.#cookies.keepCookies(url, setCookie);
  }
}
