/**
 * Milliseconds that a `Retry-After` value asks to wait from `now` on, or null when there is none or it is not valid.
 * Source: RFC 9110 10.2.3, seconds or an HTTP date. Pure.
 */
export function retryAfterMs(value: string | undefined, now: number): number | null {
  if (value === undefined) return null;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Z][a-z]{2}, \d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
