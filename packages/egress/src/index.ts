export { createEgress } from './egress.ts';
export type {
  Egress,
  EgressOptions,
  EgressPolicy,
  EgressRequest,
  EgressResult,
  Exit,
  ExitLimits,
  ExitRow,
  Judge,
  Tier,
} from './types.ts';
export type { SessionStats } from './session/stats.ts';
export { openTiersFile, type OpenedTiers } from './config/open.ts';
export { createUndiciTransport } from './undici/transport.ts';
export { createImpitTransport } from './impit/transport.ts';
export type {
  CookieKeeper,
  Fetched,
  Transport,
  TransportFailure,
  TransportRequest,
  TransportResult,
} from './transport.ts';
export { decodeBody, type Decoded } from './decode.ts';
export {
  BREAKER_RULES,
  HEDGE_RULES,
  PACE_RULES,
  type BreakerRules,
  type HedgeRules,
  type PaceRules,
} from './policy/rules.ts';
export type { EgressStats, TierStats } from './policy/stats.ts';
export type { PaceStats } from './policy/pacer.ts';
export type { Asker, TierView } from './ladder/tiers.ts';
export { nextStep, type LadderPolicy, type LadderState, type PastAttempt, type Step } from './ladder/next-step.ts';
export { finalError, type History } from './ladder/final-error.ts';
export { ladderTable } from './ladder/table.ts';
