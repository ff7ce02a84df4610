import type { Page } from '../../page/index.ts';
import { jsonAfter } from '../../page/data.ts';

/** A stretch of the raw page. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The literal after a marker within a stretch of the page; null when there is none. See `Page.jsonAfter`. */
export function literalIn(page: Page, { start, end }: Stretch, marker: string | RegExp): unknown {
  const decode = (from: number, to: number): string => page.decode(start + from, start + to);
  return jsonAfter(page.raw.slice(start, end), decode, marker);
}

/** Offsets after each occurrence of `name` that `next` (sticky) continues. */
function* continued(page: Page, name: string, next: RegExp, from = 0): Generator<number> {
  for (let at = page.indexOf(name, from); at !== -1; at = page.indexOf(name, at + name.length)) {
    next.lastIndex = at + name.length;
    if (next.test(page.raw)) yield next.lastIndex;
  }
}

/**
 * The literal that stands right after `name` and what `next` (sticky) matches, the first time both occur. Pages hold
 * empty data under a name before the filled: `next` tells them apart. `from` is where in the raw page to begin. Searching for a plain text is many times faster
 * than for a pattern.
 */
export function literalAfter(page: Page, name: string, next: RegExp, from = 0): unknown {
  for (const start of continued(page, name, next, from)) {
    return literalIn(page, { start, end: page.raw.length }, '');
  }
  return null;
}

/** The script that holds `name` followed by what `next` (sticky) matches; null when none does. */
export function scriptWith(page: Page, name: string, next: RegExp): Stretch | null {
  for (const at of continued(page, name, next)) {
    const start = page.raw.lastIndexOf('<script', at);
    const end = page.raw.indexOf('</script', at);
    return { start: Math.max(start, 0), end: end === -1 ? page.raw.length : end };
  }
  return null;
}
