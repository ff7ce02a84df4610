import type { ErrorCode } from './errors.ts';

/**
 * ASINs that force an outcome for an `asa_test_` key (contract section 12). Any other valid ASIN is a plausible product.
 * `by: 'page'`: the built-in origin plays it and the ordinary pipeline comes to the outcome.
 * `by: 'gateway'`: no page can cause it, so the gateway answers with that error before anything is fetched.
 */
type SandboxRow =
  | { readonly by: 'page'; readonly outcome: ErrorCode | 'slow' | 'flaky'; readonly does: string }
  | { readonly by: 'gateway'; readonly outcome: ErrorCode; readonly does: string };

export const SANDBOX = {
  SANDBOX404: { by: 'page', outcome: 'product_not_found', does: "the marketplace's not-found page" },
  SANDBOX408: { by: 'page', outcome: 'upstream_timeout', does: 'no answer until the budget is used up' },
  SANDBOX422: { by: 'page', outcome: 'blocked_by_amazon', does: 'a captcha page on every attempt' },
  SANDBOX502: { by: 'page', outcome: 'target_unreachable', does: 'a connection that breaks on every attempt' },
  SANDBOXEXT: { by: 'page', outcome: 'extraction_failed', does: 'a page that is no block page and shows no product' },
  SANDBOXMIS: { by: 'page', outcome: 'asin_mismatch', does: "another product's page" },
  SANDBOXGAL: { by: 'page', outcome: 'generic_gallery_page', does: 'a shelf of other products' },
  SANDBOX500: { by: 'gateway', outcome: 'internal_error', does: 'the answer to a bug' },
  SANDBOX503: { by: 'gateway', outcome: 'capacity', does: 'the answer of load shedding' },
  SANDBOX429: { by: 'gateway', outcome: 'rate_limited', does: 'the answer over a ceiling' },
  SANDBOX402: { by: 'gateway', outcome: 'insufficient_credits', does: 'the answer without credits' },
  SANDBOX403: { by: 'gateway', outcome: 'forbidden_region', does: 'the answer for a country without an exit' },
  SANDBOXSLO: { by: 'page', outcome: 'slow', does: 'a product after 5 seconds' },
  SANDBOXFLK: { by: 'page', outcome: 'flaky', does: 'blocked on the first attempt, a product on the second' },
} as const satisfies Readonly<Record<string, SandboxRow>>;

export type SandboxAsin = keyof typeof SANDBOX;

/** Limits of the sandbox's own fetching, so that an outcome does not depend on the operator's settings. */
export const SANDBOX_LIMITS = {
  /** Time for all attempts of one request, in milliseconds; `SANDBOX408` ends with it. */
  budgetMs: 8000,
  /** Time of one attempt, in milliseconds. */
  attemptTimeoutMs: 8000,
  /** Attempts of one request at most. */
  maxAttempts: 3,
  /** How long the origin waits before it answers `SANDBOXSLO`, in milliseconds. */
  slowMs: 5000,
} as const;
