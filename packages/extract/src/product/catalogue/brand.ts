import { isLabel, phraseValues } from '../../text/names.ts';
import { attr, first, foldText, textOf, type Page } from '../../page/index.ts';
import { firstOf, once, type Field } from '../field.ts';
import { authors } from './authors.ts';
import { detailRows } from './details.ts';
import { overviewRows } from './overview.ts';
import { absoluteUrl, decoded } from './url.ts';
import type { Element } from 'domhandler';

/**
 * Where the title block names the brand. The shop's logo stands beside the name, set bold, and a link without it;
 * after the current byline come those of luxury brands, of gift cards and of older pages.
 */
const PLACES = [
  'amznStoresBylineLogoTextContainer',
  'bylineInfo',
  'brand',
  'brandLogoBylineLink',
  'brandBylineLogo',
  'brandteaser',
  'bond-byLine-desktop',
  'bond-byLine',
  'gc-brand-name-link',
  'bylineInfo_feature_div',
  'brandByline_feature_div',
] as const;

const linkIn = (element: Element): Element | null => (element.name === 'a' ? element : first(element, 'a'));

function brandLink(page: Page): Element | null {
  for (const id of PLACES) {
    const element = page.byId(id);
    const link = element === null ? null : linkIn(element);
    if (link !== null) return link;
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

/** The name of a shop in its address: "/Sony/b/...", "/stores/Sony/...". */
function slugOf(href: string): string {
  const slug = /^(?:https?:\/\/[^/]+)?(?:\/-\/\w\w)?\/(?:stores\/)?([^/?]+)\//.exec(href)?.[1] ?? '';
  return letters(decoded(slug) ?? slug);
}

/** The part of a text that is written like the shop's name in the address, whatever the words around it say. */
function slugIn(href: string, text: string): string | null {
  const slug = slugOf(href);
  if (slug.length < 2 || slug === 'page') return null;
  const marks = String.raw`[^\p{L}\p{N}]*`;
  const edge = String.raw`[\p{Script=Latin}\p{N}]`;
  const spelled = Array.from(slug, (sign) => sign).join(marks);
  return new RegExp(`(?<!${edge})${spelled}(?!${edge})`, 'iu').exec(text)?.[0] ?? null;
}

/** Elements whose whole text is the name. */
const NAMES_IT: ReadonlySet<string> = new Set([
  'brand',
  'gc-brand-name-link',
  'bond-byLine-desktop',
  'bond-byLine',
  'amznStoresBylineLogoTextContainer',
]);

function nameIn(page: Page, id: string): string | null {
  const element = page.byId(id);
  if (element === null) return null;
  const link = linkIn(element);
  const text = textOf(link ?? element);
  if (text === '') return foldText(attr(first(link ?? element, 'img'), 'alt') ?? '') || null;
  const said = afterLabel(text) ?? phraseValues('visitStore', text, page.locale)?.['brand'];
  if (said !== undefined) return said;
  if (NAMES_IT.has(id)) return text;
  const href = attr(link, 'href') ?? '';
  return slugIn(href, text) ?? inQuery(href);
}

const named: Field<string | null> = (page) =>
  firstOf(
    page,
    PLACES.map((id) => (one) => nameIn(one, id)),
  );

/** A link that leads to no shop has the name for its text; links to a shop say so in words around it. */
function fromPlainLink(page: Page): string | null {
  const link = page.byId('bylineInfo');
  if (link === null || link.name !== 'a' || /\/stores\//.test(attr(link, 'href') ?? '')) return null;
  return textOf(link) || null;
}

function fromRows(page: Page): string | null {
  const rows = [...overviewRows(page), ...detailRows(page)];
  return rows.find((row) => isLabel('brandLabel', row.name))?.value ?? null;
}

/** `brand`: who makes it, without the words around the name. Books and media have makers instead (`authors`). */
export const brand: Field<string | null> = once((page) =>
  authors(page).length > 0 ? null : firstOf(page, [named, fromRows, fromPlainLink]),
);

/** `brand_url`: the brand's shop or its products. */
export const brandUrl: Field<string | null> = (page) =>
  authors(page).length > 0 ? null : absoluteUrl(page, attr(brandLink(page), 'href'));
