import { attr, first, textOf, type Page } from '../../page/index.ts';
import { firstOf, type Field } from '../field.ts';
import { ownText } from './lines.ts';

const notEmpty = (text: string): string | null => (text === '' ? null : text);

/** Desktop: the span; a hidden input of the same id repeats it further down. */
function productTitle(page: Page): string | null {
  const span = page.allById('productTitle').find((element) => element.name !== 'input');
  return span === undefined ? null : notEmpty(textOf(span));
}

/** Elements that hold the title and, in child elements, something else (binding, release year, edition). */
const OWN_TEXT_IDS = ['ebooksProductTitle', 'ebooksTitle', 'btAsinTitle', 'aiv-content-title', 'title'] as const;

function titleOfItsOwn(page: Page): string | null {
  for (const id of OWN_TEXT_IDS) {
    const element = page.byId(id);
    if (element === null || element.name === 'input') continue;
    const text = ownText(element);
    if (text !== '') return text;
  }
  return null;
}

/** Video pages: the heading, or the picture that stands in its place. */
function videoTitle(page: Page): string | null {
  if (!page.raw.includes('data-automation-id')) return null;
  for (const element of page.allByAttr('data-automation-id', 'title')) {
    const text = textOf(element) || (attr(first(element, 'img'), 'alt') ?? '');
    if (text !== '') return text;
  }
  return null;
}

/** Title as shown; null on a page that shows none. */
export const shownTitle: Field<string | null> = (page) => firstOf(page, [productTitle, titleOfItsOwn, videoTitle]);

/** `title`. Empty on a page that shows none, which is then no product. */
export const title: Field<string> = (page) => shownTitle(page) ?? '';
