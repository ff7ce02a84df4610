import type { Element } from 'domhandler';
import { foldText, hasClass, type Page } from '../../page/index.ts';
import { firstOf, type Field } from '../field.ts';
import { paragraphs } from './lines.ts';

const isHeading = (element: Element): boolean => /^h[1-4]$/.test(element.name);
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

/** Kindle: only in a script, encoded like a part of a URL. */
function encodedDescription(page: Page): string | null {
  const encoded = page.between('bookDescEncodedData = "', '"');
  if (encoded === null) return null;
  const text = decodeURIComponent(encoded.replace(/\+/g, ' '));
  return foldText(text) || null;
}

const block =
  (id: string): Field<string | null> =>
  (page) =>
    paragraphs(page.byId(id), isHeading);

/** `description`: the seller's or publisher's plain text. A presentation with pictures is `aplus`. */
export const description: Field<string | null> = (page) =>
  firstOf(page, [bookDescription, encodedDescription, block('postBodyPS'), productDescription]);
