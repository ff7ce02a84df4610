import type { Element } from 'domhandler';
import { parseDocument } from 'htmlparser2';
import { isLabel } from '../../text/names.ts';
import { hasClass, textOf, type Page } from '../../page/index.ts';
import { firstOf, type Field } from '../field.ts';
import { isRecord, textOrNull } from './json.ts';
import { kind } from './kind.ts';
import { paragraphs } from './lines.ts';
import { decoded } from './url.ts';

/** The block's own heading; headings within the text are part of it. */
const isHeading = (element: Element): boolean =>
  /^h[1-4]$/.test(element.name) && isLabel('productDescription', textOf(element));
const isAround = (element: Element): boolean =>
  element.name === 'button' ||
  hasClass(element, 'a-expander-header') ||
  hasClass(element, 'a-expander-prompt') ||
  isHeading(element);

/** Books: the text stands open, or only in a `noscript` beside the frame that shows it. */
function bookDescription(page: Page): string | null {
  const book = page.byId('bookDescription_feature_div');
  return paragraphs(page.first(book, 'noscript')) ?? paragraphs(book, isAround);
}

/** Kindle: only in a script beside the frame, as encoded HTML. */
function encodedDescription(page: Page): string | null {
  if (!page.has('bookDescription_feature_div')) return null;
  const html = decoded((page.between('bookDescEncodedData = "', '"') ?? '').replace(/\+/g, ' '));
  return html === null ? null : paragraphs(parseDocument(html));
}

/** Blocks that hold the text and at most a heading: tabs of books, pages before 2014, the current block, mobile. */
const BLOCKS = [
  'drengr_desktopTabbedDescriptionOverviewContent_feature_div',
  'drengr_DesktopTabbedDescriptionOverviewContent_feature_div',
  'postBodyPS',
  'productDescription',
  'productDescription_fullView',
  'productDescription_secondary_view_div',
  'mas-product-description',
  'productDescription_feature_div',
] as const;

const blockDescription = (page: Page): string | null =>
  firstOf(
    page,
    BLOCKS.map((id) => (one) => paragraphs(one.byId(id), isAround)),
  );

/** Films: the page describes itself to search engines. */
function filmDescription(page: Page): string | null {
  if (kind(page) !== 'video') return null;
  const data = page.jsonLd().filter(isRecord);
  return data.map((one) => textOrNull(one['description'])).find((text) => text !== null) ?? null;
}

/** `description`: the seller's or publisher's plain text. A presentation with pictures is `aplus`. */
export const description: Field<string | null> = (page) =>
  firstOf(page, [bookDescription, encodedDescription, blockDescription, filmDescription]);
