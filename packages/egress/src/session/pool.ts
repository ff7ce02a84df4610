import type { Domain, Language } from '@asa/contract';
import { IDENTITIES } from './identity.ts';
import { Session, SESSION_LIMITS, type SessionLimits } from './session.ts';

/** Requests that share these may share a session. */
export interface SessionKey {
  readonly domain: Domain;
  readonly tier: string;
  readonly language: Language;
  /** Exit country asked for, or null. */
  readonly country: string | null;
}

export interface PoolLimits extends SessionLimits {
  /** Sessions kept for one key. */
  readonly perKey: number;
  /** Sessions kept in all. */
  readonly total: number;
}

export const POOL_LIMITS: PoolLimits = { ...SESSION_LIMITS, perKey: 16, total: 2000 };

interface Options {
  readonly limits?: PoolLimits;
  /** Milliseconds. */
  readonly now: () => number;
  readonly random: () => number;
}

/**
 * The sessions at hand, bounded per key and in all. A request gets an idle one, else a new one while there is room, else the
 * least busy. A fresh one has never been used; when every place is taken by a busy session, it is not kept.
 */
export class SessionPool {
  readonly #byKey = new Map<string, Session[]>();
  readonly #limits: PoolLimits;
  readonly #now: () => number;
  readonly #random: () => number;
  #size = 0;

  constructor({ limits = POOL_LIMITS, now, random }: Options) {
    this.#limits = limits;
    this.#now = now;
    this.#random = random;
  }

  get size(): number {
    return this.#size;
  }

  /** A session in use until its `end`. */
  acquire(key: SessionKey, fresh: boolean): Session {
    const now = this.#now();
    const id = `${key.domain} ${key.tier} ${key.language} ${key.country ?? ''}`;
    const kept = this.#usable(id, now);
    const session = (fresh ? undefined : pick(kept, this.#limits.perKey)) ?? this.#make(id, key, kept, now);
    session.begin(now);
    return session;
  }

  /** Drops the spent sessions of a key and returns the others. */
  #usable(id: string, now: number): Session[] {
    const all = this.#byKey.get(id) ?? [];
    const kept = all.filter((session) => session.isUsable(now));
    this.#put(id, all, kept);
    return kept;
  }

  #make(id: string, key: SessionKey, kept: Session[], now: number): Session {
    const identity = IDENTITIES[Math.floor(this.#random() * IDENTITIES.length)] ?? IDENTITIES[0];
    const name = Math.floor(this.#random() * 36 ** 8).toString(36);
    const session = new Session(name, identity, key, this.#limits, now);
    let room = kept;
    if (room.length >= this.#limits.perKey) room = withoutOldestIdle(room);
    if (
      room.length < this.#limits.perKey &&
      (this.#size - kept.length + room.length < this.#limits.total || this.#evict(id))
    ) {
      this.#put(id, kept, [...room, session]);
    }
    return session;
  }

  /** Makes room in another key: drops the session that has been idle longest. False when all are busy. */
  #evict(exceptId: string): boolean {
    let oldest: { id: string; session: Session } | null = null;
    for (const [id, sessions] of this.#byKey) {
      if (id === exceptId) continue;
      for (const session of sessions) {
        if (session.inFlight > 0) continue;
        if (oldest === null || session.lastUsedAt < oldest.session.lastUsedAt) oldest = { id, session };
      }
    }
    if (oldest === null) return false;
    const { id, session } = oldest;
    const all = this.#byKey.get(id) ?? [];
    this.#put(
      id,
      all,
      all.filter((other) => other !== session),
    );
    return true;
  }

  #put(id: string, before: readonly Session[], after: Session[]): void {
    this.#size += after.length - before.length;
    if (after.length === 0) this.#byKey.delete(id);
    else this.#byKey.set(id, after);
  }
}

/** An idle session, or, when there is no room for another, the least busy one. */
function pick(sessions: readonly Session[], perKey: number): Session | undefined {
  const idle = sessions.find((session) => session.inFlight === 0);
  if (idle !== undefined || sessions.length < perKey) return idle;
  return sessions.reduce((best, session) => (session.inFlight < best.inFlight ? session : best));
}

function withoutOldestIdle(sessions: Session[]): Session[] {
  const idle = sessions.filter((session) => session.inFlight === 0);
  if (idle.length === 0) return sessions;
  const oldest = idle.reduce((best, session) => (session.lastUsedAt < best.lastUsedAt ? session : best));
  return sessions.filter((session) => session !== oldest);
}
