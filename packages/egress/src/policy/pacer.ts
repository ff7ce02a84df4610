import type { Domain } from '@asa/contract';
import { FREE, onPass, onSoftBlock, type Rate } from './aimd.ts';
import { Gate, type Clock, type Entry } from './gate.ts';
import { BoundedMap } from './lru.ts';
import type { PaceRules } from './rules.ts';

/** One address, as a marketplace sees it. */
export interface Address {
  readonly domain: Domain;
  readonly tier: string;
  /** Of the exit; with the session's when each session has an address of its own. */
  readonly exit: string;
}

/** What a paced request came to. */
export interface PaceReport {
  /** `none`: it says nothing about the rate. */
  readonly outcome: 'pass' | 'block_page' | 'too_fast' | 'none';
  /** When it was sent, in ms. */
  readonly startedAt: number;
  /** Whether the rate held it back. */
  readonly wasHeldBack: boolean;
  /** What the target's `Retry-After` asked for, in ms; null when it asked for nothing. */
  readonly retryAfterMs: number | null;
}

export interface PaceStats extends Address {
  /** Requests a second that it is asked for now; null: as many as there are. */
  readonly perSecond: number | null;
  readonly waiting: number;
  /** How long nothing is sent, because the target asked for it, in ms. */
  readonly heldForMs: number;
}

interface Paced {
  readonly address: Address;
  readonly gate: Gate;
  rate: Rate;
  /** Requests sent in the second that began at `secondAt`, and in the one before it. */
  secondAt: number;
  sent: number;
  sentBefore: number;
}

const SECOND = 1000;

/**
 * How fast each marketplace is asked through each address: as fast as there are requests, until soft blocks tell otherwise; from
 * then on at the rate that is found to be borne (`aimd.ts`), evenly, with jitter. Over all there is a hard cap. Bounded: addresses
 * used longest ago are forgotten.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #rules: PaceRules;
  readonly #total: Gate;
  readonly #paced: BoundedMap<Paced>;

  constructor(clock: Clock, rules: PaceRules) {
    this.#clock = clock;
    this.#rules = rules;
    this.#paced = new BoundedMap(rules.mostKeys, ({ gate }) => gate.waiting > 0);
    this.#total = new Gate({
      ...clock,
      spacingMs: () => SECOND / rules.totalPerSecond,
      burstMs: SECOND,
      jitter: 0,
    });
  }

  /** How long a request that came now would wait for its turn, in ms. */
  waitMs(address: Address): number {
    return Math.max(this.#total.waitMs, this.#paced.peek(id(address))?.gate.waitMs ?? 0);
  }

  /** Waits for the turn of a request, which must come by `latestAt`, in ms. Never rejects. */
  async enter(address: Address, signal: AbortSignal, latestAt: number): Promise<Entry> {
    const paced = this.#of(address);
    const entry = await paced.gate.enter(signal, latestAt);
    if (entry === 'late' || entry === 'aborted') return entry;
    const total = await this.#total.enter(signal, latestAt);
    if (total === 'late' || total === 'aborted') return total;
    this.#roll(paced);
    paced.sent += 1;
    return entry;
  }

  /** A request is over. */
  report(address: Address, { outcome, startedAt, wasHeldBack, retryAfterMs }: PaceReport): void {
    const paced = this.#of(address);
    const now = this.#clock.now();
    if (outcome === 'pass') paced.rate = onPass(paced.rate, wasHeldBack, this.#rules);
    if (outcome === 'block_page' || outcome === 'too_fast') {
      this.#roll(paced);
      const before = paced.rate;
      const observed = Math.max(paced.sent, paced.sentBefore);
      const isExplicit = outcome === 'too_fast';
      paced.rate = onSoftBlock(before, { startedAt, now, observed, isExplicit }, this.#rules);
      if (paced.rate !== before) paced.gate.slower();
    }
    if (retryAfterMs !== null && retryAfterMs > 0 && outcome !== 'pass') {
      paced.gate.hold(now + Math.min(retryAfterMs, this.#rules.mostHoldMs));
    }
  }

  /** Forgets the tiers that are not among these. */
  keepOnly(tiers: ReadonlySet<string>): void {
    this.#paced.drop(({ address }) => !tiers.has(address.tier));
  }

  /** Those that are slowed down or held; the others are asked as fast as there are requests. */
  stats(): PaceStats[] {
    return Array.from(this.#paced.values(), ({ address, gate, rate }) => ({
      ...address,
      perSecond: rate.perSecond,
      waiting: gate.waiting,
      heldForMs: gate.heldForMs,
    })).filter(({ perSecond, waiting, heldForMs }) => perSecond !== null || waiting > 0 || heldForMs > 0);
  }

  #of(address: Address): Paced {
    const key = id(address);
    const paced = this.#paced.peek(key) ?? this.#make(address);
    this.#paced.set(key, paced);
    return paced;
  }

  #make(address: Address): Paced {
    const spacingMs = (): number => (paced.rate.perSecond === null ? 0 : SECOND / paced.rate.perSecond);
    const gate = new Gate({ ...this.#clock, spacingMs, burstMs: 0, jitter: this.#rules.jitter });
    const secondAt = Math.floor(this.#clock.now() / SECOND) * SECOND;
    const paced: Paced = { address, gate, rate: FREE, secondAt, sent: 0, sentBefore: 0 };
    return paced;
  }

  #roll(paced: Paced): void {
    const secondAt = Math.floor(this.#clock.now() / SECOND) * SECOND;
    if (secondAt === paced.secondAt) return;
    paced.sentBefore = secondAt - paced.secondAt === SECOND ? paced.sent : 0;
    paced.sent = 0;
    paced.secondAt = secondAt;
  }
}

const id = ({ domain, tier, exit }: Address): string => `${domain} ${tier} ${exit}`;
