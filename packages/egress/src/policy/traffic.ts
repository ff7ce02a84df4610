import type { AttemptRecord, Domain } from '@asa/contract';
import type { TierView } from '../ladder/tiers.ts';
import { exitRows, rowsFor } from '../exits.ts';
import { Slots } from '../slots.ts';
import type { Exit, ExitRow, Tier } from '../types.ts';
import { badShare, beginProbe, CLOSED, health, onOutcome, tierOutcome, type Breaker } from './breaker.ts';
import { Gate, type Clock } from './gate.ts';
import { Latency } from './latency.ts';
import { BoundedMap } from './lru.ts';
import { Pacer, type Address } from './pacer.ts';
import type { BreakerRules, HedgeRules, PaceRules } from './rules.ts';
import { latencySample, paceOutcome } from './signals.ts';
import type { TierStats, TrafficStats } from './stats.ts';
import { Turnstile } from './turnstile.ts';

export interface TrafficRules {
  /** Null: no pacing at all, not even the total cap: for targets that are our own. */
  readonly pace: PaceRules | null;
  readonly breaker: BreakerRules;
  readonly hedge: HedgeRules;
}

/** Which session of which tier asks for a page. */
export interface Route {
  readonly domain: Domain;
  readonly tier: Tier;
  readonly session: { readonly id: string; readonly exit: Exit };
}

/** Leave to send one request. */
export interface Admission {
  readonly wasHeldBack: boolean;
  readonly wasProbe: boolean;
  /** Gives the place at the exit back. Idempotent. */
  readonly leave: () => void;
}

interface Line {
  readonly domain: Domain;
  readonly tier: string;
  readonly latency: Latency;
  breaker: Breaker;
}

/** What came of asking for leave when none was given. `busy`: the exit is at its cap of requests at once. */
export type Refusal = 'late' | 'aborted' | 'busy';

/** The caps that one exit is configured with, over all marketplaces. */
interface Caps {
  readonly slots: Slots | null;
  readonly gate: Gate | null;
}

const NO_CAPS: Caps = { slots: null, gate: null };
const SECOND = 1000;

/** What all requests together know of the tiers and exits: which work, how fast they may be asked, how long they take. */
export class Traffic {
  readonly #clock: Clock;
  readonly #rules: TrafficRules;
  readonly #pacer: Pacer | null;
  readonly #lines: BoundedMap<Line>;
  readonly #caps: BoundedMap<Caps>;
  readonly #turnstiles = new Map<string, Turnstile>();

  constructor(clock: Clock, rules: TrafficRules) {
    this.#clock = clock;
    this.#rules = rules;
    this.#pacer = rules.pace === null ? null : new Pacer(clock, rules.pace);
    this.#lines = new BoundedMap(rules.breaker.mostKeys);
    const inUse = ({ slots, gate }: Caps): boolean => (slots?.taken ?? 0) > 0 || (gate?.waiting ?? 0) > 0;
    this.#caps = new BoundedMap(rules.pace?.mostKeys ?? rules.breaker.mostKeys, inUse);
  }

  /** How a tier stands for a marketplace and an exit country, for the ladder. */
  view(tier: Tier, domain: Domain, country: string | null): TierView {
    const { name, exitCountries, plans } = tier;
    const { breaker } = this.#line(domain, name);
    const now = this.#clock.now();
    const rows = rowsFor(exitRows(tier), country);
    return {
      name,
      exitCountries,
      ...(plans === undefined ? {} : { plans }),
      health: health(breaker, now, this.#rules.breaker),
      badShare: badShare(breaker, now, this.#rules.breaker),
      waitMs: this.#leastWait(tier, domain, rows, country),
      hasOtherExits: rows.length > 1 || (rows[0] !== undefined && isOwnAddress(rows[0])),
    };
  }

  /** Whether a request through this exit would have to wait. */
  isBusy(tier: Tier, domain: Domain, exitId: string): boolean {
    const { slots } = this.#capsOf(tier, exitId);
    return (slots?.isFull ?? false) || this.#waitMs(tier, domain, exitId, exitId) > 0;
  }

  /**
   * Waits for the turn of a request at its exit: its rate, its caps, and the cap of all. `late`: it cannot be in time; `busy`: it
   * should wait for any exit of its tier, at the turnstile. Never rejects.
   */
  async admit(route: Route, signal: AbortSignal, latestAt: number): Promise<Admission | Refusal> {
    const { domain, tier, session } = route;
    const caps = this.#capsOf(tier, session.exit.id);
    if (caps.slots?.isFull ?? false) return 'busy';
    const entry = (await this.#pacer?.enter(addressOf(route), signal, latestAt)) ?? 'at_once';
    if (entry === 'late' || entry === 'aborted') return entry;
    const capped = (await caps.gate?.enter(signal, latestAt)) ?? 'at_once';
    if (capped === 'late' || capped === 'aborted') return capped;
    const slot = caps.slots?.tryEnter() ?? null;
    if (slot === 'full') return 'busy';
    let leave = (): void => {};
    if (slot !== null) {
      leave = once(() => {
        slot();
        this.turnstile(tier).open();
      });
    }
    const line = this.#line(domain, tier.name);
    const now = this.#clock.now();
    const wasProbe = health(line.breaker, now, this.#rules.breaker) === 'probe';
    if (wasProbe) line.breaker = beginProbe(line.breaker, now);
    return { wasHeldBack: entry === 'after_wait', wasProbe, leave };
  }

  /** An admitted request is over. `attempt` is null when it came to nothing that can be told, by a fault of ours. */
  note(route: Route, admission: Admission, attempt: NotedAttempt | null): void {
    admission.leave();
    const { domain, tier } = route;
    const line = this.#line(domain, tier.name);
    const outcome = attempt === null ? null : tierOutcome(attempt.record);
    line.breaker = onOutcome(line.breaker, outcome, admission.wasProbe, this.#clock.now(), this.#rules.breaker);
    if (attempt === null) return;
    const { record, upstreamMs, startedAt, retryAfterMs } = attempt;
    const sample = latencySample(record, upstreamMs);
    if (sample !== null) line.latency.add(sample);
    this.#pacer?.report(addressOf(route), {
      outcome: paceOutcome(record),
      startedAt,
      wasHeldBack: admission.wasHeldBack,
      retryAfterMs,
    });
  }

  /** Where to wait for any exit of a tier that is at its cap. */
  turnstile({ name }: Tier): Turnstile {
    const turnstile = this.#turnstiles.get(name) ?? new Turnstile();
    this.#turnstiles.set(name, turnstile);
    return turnstile;
  }

  /** How long an attempt may take before another may race it, in ms; null while that is not known. */
  slowAfterMs(tier: Tier, domain: Domain): number | null {
    return this.#line(domain, tier.name).latency.quantile;
  }

  /** Forgets the tiers that are not configured any more. */
  keepOnly(tiers: readonly Tier[]): void {
    const names = new Set(tiers.map(({ name }) => name));
    this.#lines.drop(({ tier }) => !names.has(tier));
    this.#pacer?.keepOnly(names);
    for (const [name, { waiting }] of this.#turnstiles) {
      if (!names.has(name) && waiting === 0) this.#turnstiles.delete(name);
    }
  }

  stats(): TrafficStats {
    const now = this.#clock.now();
    const tiers = Array.from(this.#lines.values(), ({ domain, tier, breaker, latency }): TierStats => ({
      domain,
      tier,
      health: health(breaker, now, this.#rules.breaker),
      badShare: badShare(breaker, now, this.#rules.breaker),
      opened: breaker.opened,
      slowAfterMs: latency.quantile,
    }));
    return { tiers, paces: this.#pacer?.stats() ?? [] };
  }

  #line(domain: Domain, tier: string): Line {
    const key = `${domain} ${tier}`;
    const line = this.#lines.peek(key) ?? { domain, tier, latency: new Latency(this.#rules.hedge), breaker: CLOSED };
    this.#lines.set(key, line);
    return line;
  }

  #leastWait(tier: Tier, domain: Domain, rows: readonly ExitRow[], country: string | null): number {
    let least = Number.POSITIVE_INFINITY;
    for (const row of rows) {
      const several = row.countries === 'any' || (row.countries?.length ?? 0) > 1;
      // Which of its countries it will be is decided with the session.
      const exitId = !several ? row.id : country === null ? null : `${row.id}/${country}`;
      const waitMs = exitId === null ? 0 : this.#waitMs(tier, domain, exitId, isOwnAddress(row) ? null : exitId);
      if (waitMs === 0) return 0;
      least = Math.min(least, waitMs);
    }
    return least === Number.POSITIVE_INFINITY ? 0 : least;
  }

  /** `address`: null when each session has one of its own, of which a new one has not been asked for anything. */
  #waitMs(tier: Tier, domain: Domain, exitId: string, address: string | null): number {
    const capMs = this.#capsOf(tier, exitId).gate?.waitMs ?? 0;
    const paceMs = address === null ? 0 : (this.#pacer?.waitMs({ domain, tier: tier.name, exit: address }) ?? 0);
    return Math.max(capMs, paceMs);
  }

  #capsOf({ name, perExit }: Tier, exitId: string): Caps {
    if (perExit === undefined) return NO_CAPS;
    const { concurrency, ratePerSecond } = perExit;
    if (concurrency === null && ratePerSecond === null) return NO_CAPS;
    // Other settings are other caps.
    const key = `${name} ${exitId} ${concurrency} ${ratePerSecond}`;
    const caps = this.#caps.peek(key) ?? {
      slots: concurrency === null ? null : new Slots(concurrency, Number.POSITIVE_INFINITY),
      gate:
        ratePerSecond === null
          ? null
          : new Gate({ ...this.#clock, spacingMs: () => SECOND / ratePerSecond, burstMs: 0, jitter: 0 }),
    };
    this.#caps.set(key, caps);
    return caps;
  }
}

/** What is learned from an attempt. */
export interface NotedAttempt {
  readonly record: AttemptRecord;
  /** When it was sent, in ms. */
  readonly startedAt: number;
  /** Time until the page had arrived, or until it was given up, in ms. */
  readonly upstreamMs: number;
  readonly retryAfterMs: number | null;
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}

/** Gateways give each session an address of its own: those are as many exits, of which each has its own pace. */
const isOwnAddress = ({ proxy }: Pick<ExitRow, 'proxy'>): boolean => proxy?.includes('{session}') ?? false;

function addressOf({ domain, tier, session: { id, exit } }: Route): Address {
  const isOwn = exit.proxy?.includes(id) ?? false;
  return { domain, tier: tier.name, exit: isOwn ? `${exit.id}#${id}` : exit.id };
}
