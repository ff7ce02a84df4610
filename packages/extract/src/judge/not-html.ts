import type { Page } from '../page/index.ts';

/** Types under which the pages come, and types that servers give to anything. */
const HTML_TYPES = /^\s*(?:text\/html|application\/xhtml\+xml|text\/plain|application\/octet-stream|$)/i;

/** Nothing but white space. */
export const isEmptyPage = (page: Page): boolean => !/[^\s\0]/.test(page.raw);

/**
 * The body is no HTML page: it has no tags, or it is JSON, or it is declared to be something else and does not begin
 * with a tag.
 */
export function isNotHtml(page: Page, contentType: string | null): boolean {
  if (page.outline.count === 0) return true;
  const start = /^[\s\0\u00ef\u00bb\u00bf]*(.)/s.exec(page.raw.slice(0, 4096))?.[1] ?? '';
  if (start === '<') return false;
  if (start === '{' || start === '[') return true;
  return !HTML_TYPES.test(contentType ?? '');
}
