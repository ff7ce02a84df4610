import { isLabel, phraseValues } from '../../text/names.ts';
import { attr, first, foldText, textOf, type Page } from '../../page/index.ts';
import { firstOf, once, type Field } from '../field.ts';
import { authors } from './authors.ts';
import { detailRows } from './details.ts';
import { overviewRows } from './overview.ts';
import { absoluteUrl } from './url.ts';
import type { Element } from 'domhandler';

/** Links in the title block that name the brand. */
const LINKS = ['bylineInfo', 'brand', 'brandLogoBylineLink', 'brandBylineLogo'] as const;

function brandLink(page: Page): Element | null {
  for (const id of LINKS) {
    const element = page.byId(id);
    if (element !== null) return element.name === 'a' ? element : first(element, 'a');
  }
  return null;
}

/** "Brand: X": the label in any language, then the name. */
function afterLabel(text: string): string | null {
  const found = /^([^:：]{1,40})\s*[:：]\s*(.+)$/.exec(text);
  return found !== null && isLabel('brandLabel', found[1] ?? '') ? (found[2] ?? null) : null;
}

/** Brand searches name the brand in their query. */
function inQuery(href: string): string | null {
  const query = new URLSearchParams(href.slice(href.indexOf('?') + 1));
  for (const key of ['field-brandtextbin', 'field-lbr_brands_browse-bin', 'field-brand', 'field-keywords']) {
    const value = foldText(query.get(key) ?? '');
    if (value !== '') return value;
  }
  return null;
}

const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

/** "/Sony/b/...", "/stores/Sony/...": the text of the link is the name and nothing else. */
function isSlug(href: string, text: string): boolean {
  const slug = /^(?:https?:\/\/[^/]+)?(?:\/-\/\w\w)?\/(?:stores\/)?([^/?]+)\//.exec(href)?.[1] ?? '';
  return letters(slug) !== '' && letters(slug) === letters(text);
}

function fromLink(page: Page): string | null {
  const link = brandLink(page);
  if (link === null) return null;
  const logo = attr(first(link, 'img'), 'alt');
  const text = textOf(link);
  if (text === '') return logo === null || logo.trim() === '' ? null : foldText(logo);
  const said = afterLabel(text) ?? phraseValues('visitStore', text, page.locale)?.['brand'];
  if (said !== undefined) return said;
  const href = attr(link, 'href') ?? '';
  return attr(link, 'id') === 'brand' || isSlug(href, text) ? text : inQuery(href);
}

function fromRows(page: Page): string | null {
  const rows = [...overviewRows(page), ...detailRows(page)];
  return rows.find((row) => isLabel('brandLabel', row.name))?.value ?? null;
}

/** `brand`: who makes it, without the words around the name. Books and media have makers instead (`authors`). */
export const brand: Field<string | null> = once((page) =>
  authors(page).length > 0 ? null : firstOf(page, [fromLink, fromRows]),
);

/** `brand_url`: the brand's shop or its products. */
export const brandUrl: Field<string | null> = (page) =>
  authors(page).length > 0 ? null : absoluteUrl(page, attr(brandLink(page), 'href'));
