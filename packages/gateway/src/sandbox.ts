import { ApiError, SANDBOX } from '@asa/contract';

/**
 * The error that an ASIN of the sandbox table forces before anything is fetched, or null: those that a page cannot cause.
 * The others are played by the built-in origin. Source: contract section 12.
 */
export function forcedOutcome(asin: string): ApiError | null {
  const row = Object.hasOwn(SANDBOX, asin) ? SANDBOX[asin as keyof typeof SANDBOX] : undefined;
  if (row === undefined || row.by !== 'gateway') return null;
  return new ApiError(row.outcome, `${asin} is the sandbox's ASIN for this error; nothing was fetched.`);
}
