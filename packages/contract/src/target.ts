import type { Domain, Language } from './marketplaces.ts';

/** One page to fetch: what was asked, independent of where the page comes from. Made by the `plan` stage. */
export type Target = ProductTarget | SearchTarget;

interface TargetBase {
  readonly domain: Domain;
  /** The language asked for, or the marketplace's default. */
  readonly language: Language;
  /** Exit country asked for, ISO 3166-1 alpha-2, or null for any. */
  readonly country: string | null;
  /** Full URL of the page at the origin in use (`ASA_ORIGIN_URL` or the sandbox). */
  readonly url: string;
}

export interface ProductTarget extends TargetBase {
  readonly kind: 'product';
  /** The ASIN asked for, upper case. */
  readonly asin: string;
}

export interface SearchTarget extends TargetBase {
  readonly kind: 'search';
  readonly query: string;
  /** The result page, from 1. */
  readonly page: number;
}

/** One attempt as the trace shows it (contract section 9). Never holds credentials. */
export interface AttemptRecord {
  /** From 1. */
  readonly n: number;
  readonly tier: string;
  /** Exit country of the proxy used, or null when it is not known (direct). */
  readonly exit_country: string | null;
  /** Final URL of this attempt. */
  readonly url: string;
  /** ISO time. */
  readonly started_at: string;
  /** HTTP status of the marketplace, or null when none arrived. */
  readonly status: number | null;
  /** Bytes of the body as received (encoded). */
  readonly bytes: number;
  readonly duration_ms: number;
  /** How long it waited before it began, in ms: after a failure, for its turn at the exit, for a free place. */
  readonly wait_ms: number;
  /** Whether it raced an attempt that was slow (hedging). */
  readonly hedge: boolean;
  /** Whether it was made for another request that asked for the same page at the same time (single-flight). */
  readonly shared: boolean;
  readonly verdict: import('./verdicts.ts').Verdict;
  /** Short reason for the operator when no page arrived (an error code such as ECONNRESET), or null. */
  readonly error: string | null;
}
