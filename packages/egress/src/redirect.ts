/** Redirects followed for one page; browsers follow 20, a marketplace never needs more than two. */
export const MAX_REDIRECTS = 5;

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);
const DEFAULT_PORT = '';

/** The `Location` of a redirect, or null when the answer is a page. Pure. */
export function locationOf(status: number, location: string | undefined): string | null {
  return location !== undefined && location !== '' && REDIRECT_STATUSES.has(status) ? utf8(location) : null;
}

/**
 * Where a redirect leads, or null when it leaves the host (another host or port, another scheme, not a URL).
 * The one step that counts as staying is from http to https of the same name, both on their default ports. Pure.
 */
export function redirectTarget(from: URL, location: string): URL | null {
  if (!URL.canParse(location, from.href)) return null;
  const to = new URL(location, from);
  to.hash = '';
  to.username = '';
  to.password = '';
  const sameHost = to.protocol === from.protocol && to.host === from.host;
  const upgraded =
    from.protocol === 'http:' &&
    to.protocol === 'https:' &&
    to.hostname === from.hostname &&
    from.port === DEFAULT_PORT &&
    to.port === DEFAULT_PORT;
  return sameHost || upgraded ? to : null;
}

/** Header values arrive as Latin-1; a location with raw UTF-8 in it means those characters. */
function utf8(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'));
  } catch (error) {
    if (error instanceof TypeError) return value;
    throw error;
  }
}
