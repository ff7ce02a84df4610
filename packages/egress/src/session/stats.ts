import type { Domain } from '@asa/contract';

/** Why a session is not kept any longer. `room`: others needed its place; `exit`: its way out is no longer configured. */
export type DropReason = 'errors' | 'age' | 'uses' | 'room' | 'exit';

/** What the session pool holds and has done since it was made. */
export interface SessionStats {
  readonly kept: number;
  /** Kept sessions that have a request in flight. */
  readonly busy: number;
  readonly made: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Exits that are left alone for a while because their proxy failed, by id. */
  readonly coolingExits: readonly string[];
  readonly groups: readonly SessionGroupStats[];
}

/** The sessions of one marketplace, tier and exit country asked for. */
export interface SessionGroupStats {
  readonly domain: Domain;
  readonly tier: string;
  /** Null: no country was asked for. */
  readonly country: string | null;
  readonly kept: number;
  readonly busy: number;
}
