import type { Domain } from '@asa/contract';
import type { Health } from './breaker.ts';
import type { PaceStats } from './pacer.ts';

/** One tier at one marketplace. */
export interface TierStats {
  readonly domain: Domain;
  readonly tier: string;
  readonly health: Health;
  /** Share of its recent attempts that went badly, from 0 to 1. */
  readonly badShare: number;
  /** How often in a row its breaker has opened. */
  readonly opened: number;
  /** An attempt that takes longer is slow, in ms; null while too little is known. */
  readonly slowAfterMs: number | null;
}

export interface TrafficStats {
  readonly tiers: readonly TierStats[];
  /** By marketplace, tier and exit. */
  readonly paces: readonly PaceStats[];
}

/** What an egress is doing, for metrics and operators. Nothing in it is secret. */
export interface EgressStats extends TrafficStats {
  /** Upstream requests that run now. */
  readonly running: number;
  /** Requests that wait for one of the places in all; those that wait for an exit are in `paces`. */
  readonly waiting: number;
  /** Sessions kept. */
  readonly sessions: number;
  /** Attempts that raced a slow one, and how many of them were quicker, since the start. */
  readonly hedges: { readonly started: number; readonly won: number };
}
