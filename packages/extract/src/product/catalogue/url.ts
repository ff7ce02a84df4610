import type { Page } from '../../page/index.ts';

/**
 * A link of the page as an address on its marketplace, null when it is none. The page may come from another host (a
 * replay, a sandbox): its own links are the marketplace's.
 */
export function absoluteUrl(page: Page, href: string | null): string | null {
  if (href === null || /^\s*(?:javascript:|#|$)/i.test(href)) return null;
  const base = `https://${page.marketplace.host}/`;
  return URL.canParse(href, base) ? new URL(href, base).href : null;
}

/** A part of a URL with its escapes undone; null when they are none. */
export function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}
