import { textOf, type Page } from '../page/index.ts';
import { shownAsin } from '../product/catalogue/identity.ts';
import { twister } from '../product/catalogue/twister.ts';
import { shownTitle } from '../product/catalogue/title.ts';
import { PRODUCT_REGIONS } from './signs.ts';

/** A product page: it shows a title, and something that only a product page has. Video pages have no such region. */
export const showsProduct = (page: Page): boolean =>
  shownTitle(page) !== null &&
  (PRODUCT_REGIONS.some((id) => page.has(id)) || page.hasAttr('data-automation-id', 'title'));

const PARENT = /parent_?asin["']?\s*[:=]\s*["'](\w{10})["']/gi;

/** Families that the inline scripts of a page name. */
function* familiesInScripts(page: Page): Generator<string> {
  const { name, open, end } = page.outline;
  for (const [number, tag] of name.entries()) {
    if (tag.text !== 'script') continue;
    for (const [, asin] of page.raw.slice(open[number], end[number]).matchAll(PARENT)) {
      if (asin !== undefined) yield asin;
    }
  }
}

/**
 * The asked ASIN as the family of what the page shows. Scripts of the page name one family, its own; rails of other
 * products name theirs too, in attributes. A page whose scripts name several is not known to be of any of them.
 */
function isParentOnPage(page: Page, asked: string): boolean {
  const own = twister(page)?.parent ?? null;
  if (own !== null) return own === asked;
  const named = [...familiesInScripts(page)];
  return named.length > 0 && named.every((asin) => asin === asked);
}

/** Frames of a page and of a product: a whole page has each once. */
const FRAMES = ['a-page', 'dp', 'navFooter'] as const;

/** The body holds more than one page: what it shows is of two products. */
export function isTwoPages(page: Page): boolean {
  if (FRAMES.some((id) => page.shownById(id).length > 1)) return true;
  const titles = page.shownById('productTitle').filter((element) => element.name !== 'input');
  return new Set(titles.map((element) => textOf(element)).filter((text) => text !== '')).size > 1;
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
