import type { Element } from 'domhandler';
import { attr, childrenOf, first, isHidden, textOf, type Page } from '../../page/index.ts';
import { firstOf, type Field } from '../field.ts';
import { ownText } from './lines.ts';

const notEmpty = (text: string): string | null => (text === '' ? null : text);

/** Desktop: the span; a hidden input of the same id repeats it further down. */
function productTitle(page: Page): string | null {
  const span = page.shownById('productTitle').find((element) => element.name !== 'input');
  return span === undefined ? null : notEmpty(textOf(span));
}

/**
 * Elements that hold the title and, in child elements, something else (binding, release year, edition): books, films,
 * gift cards, the shop of luxury brands, apps.
 */
const OWN_TEXT_IDS = [
  'ebooksProductTitle',
  'ebooksTitle',
  'btAsinTitle',
  'aiv-content-title',
  'gc-asin-title',
  'bond-title-desktop',
  'mas-title',
] as const;
/** Blocks whose heading is the title: recordings to download, luxury brands. */
const HEADED_IDS = ['dmusicProductTitle_feature_div', 'bondTitleBlock_feature_div'] as const;

/** The first text that stands directly in an element, else in one of its children, else in one of theirs. */
function leadingText(element: Element): string {
  const own = ownText(element);
  if (own !== '') return own;
  for (const child of childrenOf(element)) {
    const text = isHidden(child) ? '' : leadingText(child);
    if (text !== '') return text;
  }
  return '';
}

function titleOfItsOwn(page: Page): string | null {
  for (const id of OWN_TEXT_IDS) {
    const element = page.byId(id);
    const text = element === null || element.name === 'input' ? '' : leadingText(element);
    if (text !== '') return text;
  }
  // What is in its children may be a subtitle alone.
  const heading = page.byId('title');
  return heading === null ? null : notEmpty(ownText(heading));
}

function headingTitle(page: Page): string | null {
  for (const id of HEADED_IDS) {
    const heading = page.first(page.byId(id), 'h1');
    const text = heading === null ? '' : leadingText(heading);
    if (text !== '') return text;
  }
  return null;
}

/** Video pages: the heading, or the picture that stands in its place. */
function videoTitle(page: Page): string | null {
  if (page.indexOf('data-automation-id') === -1) return null;
  for (const element of page.allByAttr('data-automation-id', 'title')) {
    const text = textOf(element) || (attr(first(element, 'img'), 'alt') ?? '');
    if (text !== '') return text;
  }
  return null;
}

/** Title as shown; null on a page that shows none. */
export const shownTitle: Field<string | null> = (page) =>
  firstOf(page, [productTitle, titleOfItsOwn, headingTitle, videoTitle]);

/** `title`. Empty on a page that shows none, which is then no product. */
export const title: Field<string> = (page) => shownTitle(page) ?? '';
