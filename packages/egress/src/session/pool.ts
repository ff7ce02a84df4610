import type { Domain, Language } from '@asa/contract';
import { exitRows, openExit, rowsFor } from '../exits.ts';
import type { Exit, ExitRow, Tier } from '../types.ts';
import { ExitHealth } from './exit-health.ts';
import { identitiesFor } from './identity.ts';
import { originsOf, type Origins } from './origins.ts';
import { Session, SESSION_LIMITS, type SessionLimits } from './session.ts';
import type { DropReason, SessionStats } from './stats.ts';

/** What a request needs of a session. */
export interface SessionKey {
  readonly domain: Domain;
  readonly tier: Tier;
  readonly language: Language;
  /** Exit country asked for, or null. */
  readonly country: string | null;
}

export interface PoolLimits extends SessionLimits {
  /** Sessions kept for one marketplace, tier and exit country. */
  readonly perGroup: number;
  /** Sessions kept in all. */
  readonly total: number;
}

export const POOL_LIMITS: PoolLimits = { ...SESSION_LIMITS, perGroup: 256, total: 4000 };

interface Options {
  readonly limits?: PoolLimits;
  /** Milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
}

interface Group {
  readonly id: string;
  readonly domain: Domain;
  readonly tier: string;
  readonly country: string | null;
  sessions: readonly Session[];
}

/**
 * The sessions at hand, bounded per group (marketplace, tier, exit country) and in all, made when they are needed. A request gets
 * an idle one of its language, the one with the fewest errors first; else a new one while there is room; else the least busy. A
 * fresh one has never been used; when every place is taken by a busy session, it is not kept.
 */
export class SessionPool {
  readonly #groups = new Map<string, Group>();
  readonly #limits: PoolLimits;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #health = new ExitHealth();
  /** Kept sessions by exit id, so that new ones are spread. */
  readonly #onExit = new Map<string, number>();
  readonly #dropped: Record<DropReason, number> = { errors: 0, age: 0, uses: 0, room: 0, exit: 0 };
  #made = 0;
  #size = 0;

  constructor({ limits = POOL_LIMITS, now, random }: Options) {
    this.#limits = limits;
    this.#now = now;
    this.#random = random;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * A session in use until its `end`. `isBusy` names exits that should be passed over while another can be had: those at their
   * cap or their rate. Throws a RangeError when no exit of the tier is in the country asked for.
   */
  acquire(key: SessionKey, fresh: boolean, isBusy: (exitId: string) => boolean = () => false): Session {
    const now = this.#now();
    const group = this.#group(key);
    const origins = originsOf(key.tier);
    this.#sweep(group, origins, now);
    const cost = remembered((exitId) => (isBusy(exitId) ? BUSY : 0) + this.#health.coolingUntil(exitId, now));
    const session = (fresh ? null : this.#pick(group, key, cost)) ?? this.#make(group, key, origins, cost, now);
    session.begin(now);
    return session;
  }

  /** Drops the sessions of tiers that are not configured any more. Those in use end by themselves. */
  keepOnly(tiers: readonly Tier[]): void {
    const names = new Set(tiers.map(({ name }) => name));
    for (const group of this.#groups.values()) {
      if (!names.has(group.tier)) this.#put(group, [], 'exit');
    }
    this.#health.forget();
  }

  stats(): SessionStats {
    const groups = [...this.#groups.values()].map(({ domain, tier, country, sessions }) => ({
      domain,
      tier,
      country,
      kept: sessions.length,
      busy: sessions.filter(({ inFlight }) => inFlight > 0).length,
    }));
    return {
      kept: this.#size,
      busy: groups.reduce((sum, { busy }) => sum + busy, 0),
      made: this.#made,
      dropped: { ...this.#dropped },
      coolingExits: this.#health.cooling(this.#now()),
      groups,
    };
  }

  #group({ domain, tier, country }: SessionKey): Group {
    const id = `${domain} ${tier.name} ${country ?? ''}`;
    return this.#groups.get(id) ?? { id, domain, tier: tier.name, country, sessions: [] };
  }

  /** Drops what is spent, and what was made for other settings of the tier. */
  #sweep(group: Group, origins: Origins, now: number): void {
    const why = (session: Session): DropReason | null =>
      origins.names.has(session.origin) ? session.spentBy(now) : 'exit';
    for (const session of group.sessions) {
      const reason = why(session);
      if (reason !== null) this.#put(group, without(group.sessions, session), reason);
    }
  }

  /** A kept session for this request, or null when it should have a new one. */
  #pick(group: Group, { language }: SessionKey, cost: (exitId: string) => number): Session | null {
    const spoken = group.sessions.filter((session) => session.language === language);
    const idle = spoken.filter(({ inFlight }) => inFlight === 0);
    const good = idle.filter(({ exit }) => cost(exit.id) === 0);
    const best = least(good, ({ errors }) => errors);
    const isFull = group.sessions.length >= this.#limits.perGroup;
    if (best !== null || !isFull) return best;
    return least(idle, ({ exit }) => cost(exit.id)) ?? least(spoken, ({ inFlight }) => inFlight);
  }

  #make(group: Group, key: SessionKey, origins: Origins, cost: (exitId: string) => number, now: number): Session {
    const { domain, language, tier } = key;
    const id = this.#newId();
    const { row, exit } = this.#openExit(key, id, cost);
    const identities = identitiesFor(tier.transport.fingerprints);
    const session = new Session({
      id,
      identity: identities[Math.floor(this.#random() * identities.length)] ?? identities[0],
      domain,
      language,
      exit,
      origin: origins.of(row),
      limits: { ...this.#limits, ...tier.sessionLimits },
      now,
      ...(exit.proxy === null ? {} : { onVerdict: (verdict) => this.#health.note(exit.id, verdict, this.#now()) }),
    });
    this.#made += 1;
    if (group.sessions.length >= this.#limits.perGroup) this.#dropIdlest(group);
    const hasRoom = group.sessions.length < this.#limits.perGroup;
    if (hasRoom && (this.#size < this.#limits.total || this.#evict()))
      this.#put(group, [...group.sessions, session], null);
    return session;
  }

  /** The exit for a new session: one that is free and well, then the one with the fewest sessions. */
  #openExit({ tier, country, domain }: SessionKey, sessionId: string, cost: (exitId: string) => number): Opened {
    const rows = rowsFor(exitRows(tier), country);
    // From a random place, so that equals take turns.
    const start = Math.floor(this.#random() * rows.length);
    const opened = [...rows.slice(start), ...rows.slice(0, start)].map((row): Opened => ({
      row,
      exit: openExit(row, { domain, asked: country, sessionId, random: this.#random }),
    }));
    const cheapest = least(opened, ({ exit }) => cost(exit.id));
    if (cheapest === null) throw new RangeError(`tier ${tier.name} has no exit in ${country ?? 'any country'}`);
    const price = cost(cheapest.exit.id);
    const equals = opened.filter(({ exit }) => cost(exit.id) === price);
    return least(equals, ({ exit }) => this.#onExit.get(exit.id) ?? 0) ?? cheapest;
  }

  /** Part of user names at proxies: letters and digits only. */
  #newId(): string {
    return Math.floor(this.#random() * 36 ** 10)
      .toString(36)
      .padStart(10, '0');
  }

  #dropIdlest(group: Group): void {
    const idlest = least(
      group.sessions.filter(({ inFlight }) => inFlight === 0),
      ({ lastUsedAt }) => lastUsedAt,
    );
    if (idlest !== null) this.#put(group, without(group.sessions, idlest), 'room');
  }

  /** Makes room: drops the session that has been idle longest. False when all are busy. */
  #evict(): boolean {
    const idlest = least(
      [...this.#groups.values()].flatMap((group) =>
        group.sessions.filter(({ inFlight }) => inFlight === 0).map((session) => ({ group, session })),
      ),
      ({ session }) => session.lastUsedAt,
    );
    if (idlest === null) return false;
    this.#put(idlest.group, without(idlest.group.sessions, idlest.session), 'room');
    return true;
  }

  /** Sets the sessions of a group and keeps the sums; `reason` counts those that are gone. */
  #put(group: Group, sessions: readonly Session[], reason: DropReason | null): void {
    const gone = group.sessions.filter((session) => !sessions.includes(session));
    const come = sessions.filter((session) => !group.sessions.includes(session));
    if (reason !== null) this.#dropped[reason] += gone.length;
    for (const { exit } of come) this.#onExit.set(exit.id, (this.#onExit.get(exit.id) ?? 0) + 1);
    for (const { exit } of gone) {
      const left = (this.#onExit.get(exit.id) ?? 0) - 1;
      if (left > 0) this.#onExit.set(exit.id, left);
      else this.#onExit.delete(exit.id);
    }
    this.#size += come.length - gone.length;
    group.sessions = sessions;
    if (sessions.length === 0) this.#groups.delete(group.id);
    else this.#groups.set(group.id, group);
  }
}

interface Opened {
  readonly row: ExitRow;
  readonly exit: Exit;
}

/** More than any time at which a proxy is tried again: an exit that is busy is the last choice. */
const BUSY = Number.MAX_SAFE_INTEGER / 2;

/** Asks once for each exit: many sessions may share one. */
function remembered(cost: (exitId: string) => number): (exitId: string) => number {
  const known = new Map<string, number>();
  return (exitId) => {
    const found = known.get(exitId) ?? cost(exitId);
    known.set(exitId, found);
    return found;
  };
}

const without = (sessions: readonly Session[], one: Session): readonly Session[] =>
  sessions.filter((session) => session !== one);

/** The first element with the least value, or null of none. */
function least<T>(list: readonly T[], value: (element: T) => number): T | null {
  let best: { readonly element: T; readonly value: number } | null = null;
  for (const element of list) {
    const its = value(element);
    if (best === null || its < best.value) best = { element, value: its };
  }
  return best?.element ?? null;
}
