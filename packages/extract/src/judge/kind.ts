import type { Page } from '../page/index.ts';
import { shownAsin } from '../product/catalogue/identity.ts';
import { twister } from '../product/catalogue/twister.ts';
import { shownTitle } from '../product/catalogue/title.ts';
import { PRODUCT_REGIONS } from './signs.ts';

/** A product page: it shows a title, and something that only a product page has. Video pages have no such region. */
export const showsProduct = (page: Page): boolean =>
  shownTitle(page) !== null &&
  (PRODUCT_REGIONS.some((id) => page.has(id)) || page.hasAttr('data-automation-id', 'title'));

/** The asked ASIN as the family of what the page shows. */
function isParentOnPage(page: Page, asked: string): boolean {
  if (twister(page)?.parent === asked) return true;
  return new RegExp(String.raw`parent_?asin["']?\s*[:=]\s*["']${asked}["']`, 'i').test(page.raw);
}

/**
 * Whether a product page is the asked product's. A page that names no ASIN is taken for it; so is a child that answers
 * for its parent (contract section 4).
 */
export function isAsked(page: Page, asked: string): boolean {
  const shown = shownAsin(page);
  return shown === null || shown === asked || isParentOnPage(page, asked);
}

const LINK = /\/(?:dp|gp\/product)\/([A-Z0-9]{10})(?=[/?"'&])/g;
/** Fewer are a product page's or an article's own links. */
const MANY = 10;

/** Many other products and no word of the asked one: a shelf of some kind that has no sign of its own. */
export function isForeignShelf(page: Page, asked: string): boolean {
  if (page.indexOf(asked) !== -1) return false;
  const asins = new Set<string>();
  for (const [, asin] of page.raw.matchAll(LINK)) {
    if (asin !== undefined) asins.add(asin);
    if (asins.size >= MANY) return true;
  }
  return false;
}
