import type { Element } from 'domhandler';
import { isLabel } from '../../text/names.ts';
import { foldText, hasClass, textOf, type Page } from '../../page/index.ts';
import { firstOf, type Field } from '../field.ts';
import { isRecord, textOrNull } from './json.ts';
import { kind } from './kind.ts';
import { paragraphs } from './lines.ts';

/** The block's own heading; headings within the text are part of it. */
const isHeading = (element: Element): boolean =>
  /^h[1-4]$/.test(element.name) && isLabel('productDescription', textOf(element));
const isPrompt = (element: Element): boolean => hasClass(element, 'a-expander-header');

/** The text below the heading of "Product description". */
function productDescription(page: Page): string | null {
  const block = page.firstById(
    'productDescription',
    'productDescription_fullView',
    'productDescription_secondary_view_div',
  );
  return paragraphs(block, (element) => isHeading(element) || isPrompt(element));
}

/** Books: the text stands open, or only in a `noscript` beside the frame that shows it. */
function bookDescription(page: Page): string | null {
  const block = page.byId('bookDescription_feature_div');
  const noscript = page.first(block, 'noscript');
  return (noscript === null ? null : paragraphs(noscript)) ?? paragraphs(block, (e) => isHeading(e) || isPrompt(e));
}

const WRITTEN: ReadonlySet<string> = new Set(['book', 'kindle', 'audible']);

/** Kindle: only in a script, encoded like a part of a URL. */
function encodedDescription(page: Page): string | null {
  if (!WRITTEN.has(kind(page))) return null;
  const encoded = page.between('bookDescEncodedData = "', '"');
  if (encoded === null) return null;
  const text = decodeURIComponent(encoded.replace(/\+/g, ' '));
  return foldText(text) || null;
}

const block =
  (id: string): Field<string | null> =>
  (page) =>
    paragraphs(page.byId(id), isHeading);

/** Films: the page describes itself to search engines. */
function filmDescription(page: Page): string | null {
  if (kind(page) !== 'video') return null;
  const data = page.jsonLd().filter(isRecord);
  return data.map((one) => textOrNull(one['description'])).find((text) => text !== null) ?? null;
}

/** `description`: the seller's or publisher's plain text. A presentation with pictures is `aplus`. */
export const description: Field<string | null> = (page) =>
  firstOf(page, [
    bookDescription,
    encodedDescription,
    block('drengr_desktopTabbedDescriptionOverviewContent_feature_div'),
    block('drengr_DesktopTabbedDescriptionOverviewContent_feature_div'),
    block('postBodyPS'),
    productDescription,
    filmDescription,
  ]);
