import { findPhrase, matchPhrase, type Phrases, type ShopWords } from '@asa/contract';
import { type Element, isTag, isText } from 'domhandler';
import { attr, foldText, hasClass, type Page, textOf } from '../../page/index.ts';
import { once } from '../field.ts';
import { wordsOf } from './context.ts';
import { inOffer, scopeOf } from './scope.ts';
import { isUnseen, orNull, visibleText } from './visible.ts';

/** Who sells and who ships the featured offer, as shown. */
export interface Seller {
  readonly name: string | null;
  readonly shipsFrom: string | null;
  /** The page says that Amazon ships it, without naming the shipper apart. */
  readonly fulfilled: boolean;
}

const NOBODY: Seller = { name: null, shipsFrom: null, fulfilled: false };

/** A label beside a value: offer display features (2023-), tabular buy box (2020-2022). */
interface Fact {
  readonly label: string;
  readonly value: string;
}

const FEATURES = ['merchantInfoFeature_feature_div', 'fulfillerInfoFeature_feature_div'] as const;

function featureFact(element: Element | null): Fact | null {
  if (element === null) return null;
  const parts = descendants(element).filter((part) => !isUnseen(part));
  const label = parts.find((part) => hasClass(part, 'offer-display-feature-label'));
  const value = parts.find((part) => hasClass(part, 'offer-display-feature-text-message'));
  if (value === undefined) return null;
  return { label: label === undefined ? '' : visibleText(label), value: visibleText(value) };
}

function descendants(element: Element): Element[] {
  if (isUnseen(element)) return [];
  return [element, ...element.children.filter(isTag).flatMap(descendants)];
}

const matches = (phrases: Phrases, text: string): boolean => matchPhrase(phrases, text) !== null;

function fromFeatures(page: Page, words: ShopWords): Seller | null {
  const seller = featureFact(inOffer(page, FEATURES[0]));
  if (seller === null) return null;
  const shipper = featureFact(inOffer(page, FEATURES[1]));
  const both = shipper === null && matches(words.shipperSellerLabel, seller.label);
  return {
    name: orNull(seller.value),
    shipsFrom: both ? orNull(seller.value) : (shipper?.value ?? null),
    fulfilled: false,
  };
}

function tabularFacts(page: Page): Fact[] {
  const table = inOffer(page, 'tabular-buybox');
  return page.select(table, '.tabular-buybox-text[tabular-attribute-name]').map((cell) => ({
    label: attr(cell, 'tabular-attribute-name') ?? '',
    value: visibleText(cell),
  }));
}

function fromTable(page: Page, words: ShopWords): Seller | null {
  const facts = tabularFacts(page);
  const valueOf = (phrases: Phrases): string | null =>
    facts.find((fact) => matches(phrases, fact.label))?.value ?? null;
  const both = valueOf(words.shipperSellerLabel);
  const name = valueOf(words.soldBy) ?? both;
  return name === null ? null : { name, shipsFrom: valueOf(words.shipsFrom) ?? both, fulfilled: false };
}

const SENTENCE_END = /\.(?=\s|$)|。|\s\|/;

/** The name in a sentence of which the page's language has the words: "Ships from and sold by `{seller}`." */
export function nameIn(phrases: Phrases, text: string): string | null {
  for (const phrase of phrases) {
    const [before = '', after = ''] = phrase.split('{seller}');
    if (!phrase.includes('{seller}')) continue;
    const tail = after.replace(/^[.。]$/, '');
    if (tail === '') {
      const hit = before === '' ? null : findPhrase([before.trim()], text);
      if (hit === null) continue;
      const rest = foldText(text).slice(hit.index + hit.text.length);
      return orNull((rest.split(SENTENCE_END)[0] ?? '').trim());
    }
    const hit = findPhrase([phrase], text)?.values['seller'];
    if (hit !== undefined) return hit;
  }
  return null;
}

/** Sentences that name the seller: `#merchant-info`, and the line under the availability of 2013. */
function sentences(page: Page): Element[] {
  const { box } = scopeOf(page);
  const lines = [
    inOffer(page, 'merchant-info'),
    box?.byClass('availGreen')[0]?.parent,
    box?.byClass('print-sold-by')[0],
  ];
  return lines.filter((line): line is Element => line !== null && line !== undefined && isTag(line));
}

function linkedSeller(page: Page, line: Element): string | null {
  const link = page.first(line, '#sellerProfileTriggerId, a[href*="seller="]');
  return link === null ? null : orNull(textOf(link));
}

/** A sentence ends at "Ltd."; the link around the name does not. */
const fuller = (name: string | null, linked: string | null): string | null =>
  name !== null && linked?.startsWith(name) === true ? linked : name;

function fromSentence(page: Page, words: ShopWords): Seller | null {
  for (const line of sentences(page)) {
    const text = visibleText(line);
    const both = fuller(nameIn(words.shipsFromAndSoldBy, text), linkedSeller(page, line));
    const fulfilled = both === null && findPhrase(words.fulfilledByAmazon, text) !== null;
    const name =
      both ?? linkedSeller(page, line) ?? nameIn(words.fulfilledByAmazon, text) ?? afterLabel(words.soldBy, text);
    if (name !== null) return { name, shipsFrom: both, fulfilled };
  }
  return null;
}

/** "Sold by Amazon Digital Services LLC.", "Sold by: Amazon.com Services LLC": what follows the label. */
function afterLabel(labels: Phrases, text: string): string | null {
  for (const label of labels) {
    const hit = findPhrase([label], text);
    if (hit === null || foldText(text.slice(0, hit.index)) !== '') continue;
    const rest = foldText(text)
      .slice(hit.text.length)
      .replace(/^\s*[:：]\s*/, '');
    return orNull((rest.split(SENTENCE_END)[0] ?? '').trim());
  }
  return null;
}

/** Used offers, e-books and films: a short line in the box that begins with the label. */
function fromLine(page: Page, words: ShopWords): Seller | null {
  const { box } = scopeOf(page);
  const link = box?.byId('sellerProfileTriggerId') ?? null;
  if (link !== null) return { ...NOBODY, name: orNull(textOf(link)), fulfilled: saysFulfilled(link, words) };
  for (const element of box?.elements ?? []) {
    if (!isLine(element)) continue;
    const text = visibleText(element);
    const name = afterLabel(words.soldBy, matches(words.soldBy, text) ? lineAround(element) : text);
    if (name !== null) return { ...NOBODY, name };
  }
  return null;
}

/** An element of few words, with text of its own. */
const isLine = (element: Element): boolean =>
  element.children.length <= 6 && element.children.some((node) => isText(node) && foldText(node.data) !== '');

/** A label in an element of its own: the line that it begins. */
const lineAround = (label: Element): string =>
  label.parent !== null && isTag(label.parent) ? visibleText(label.parent) : '';

/** Films: a sentence under the buttons. */
function fromTerms(page: Page, words: ShopWords): Seller | null {
  const terms = page.has('dv-action-box') ? page.allByClass('tancaccept')[0] : undefined;
  const name =
    terms === undefined
      ? null
      : nameIn(
          words.soldBy.map((label) => `${label} {seller}`),
          visibleText(terms),
        );
  return name === null ? null : { ...NOBODY, name };
}

function saysFulfilled(link: Element, words: ShopWords): boolean {
  const line = link.parent !== null && isTag(link.parent) ? visibleText(link.parent) : '';
  return findPhrase(words.fulfilledByAmazon, line) !== null;
}

/** Seller and shipper of the featured offer. */
export const sellerOf = once((page: Page): Seller => {
  const words = wordsOf(page);
  return (
    fromFeatures(page, words) ??
    fromTable(page, words) ??
    fromSentence(page, words) ??
    fromLine(page, words) ??
    fromTerms(page, words) ??
    NOBODY
  );
});

const SELLER_IN_LINK = /[?&;](?:seller|merchant|merchantID|m)=(A[0-9A-Z]{9,})/;
const SELLER_ID = /^A[0-9A-Z]{9,}$/;

const ID_FIELDS = ['merchantID', 'usedMerchantID', 'deliveryBlockSelectMerchant', 'ftSelectMerchant'] as const;

/** The seller's id: of its link, else of the form that adds its offer to the cart. Null without a seller on show. */
export const sellerId = once((page: Page): string | null => {
  if (sellerOf(page).name === null) return null;
  const { box } = scopeOf(page);
  for (const element of box?.elements ?? []) {
    const id = element.name === 'a' ? SELLER_IN_LINK.exec(attr(element, 'href') ?? '')?.[1] : undefined;
    if (id !== undefined) return id;
  }
  const value = attr(inOffer(page, ...ID_FIELDS), 'value') ?? '';
  return SELLER_ID.test(value) ? value : null;
});

/** One of the retailer's own names, or one that begins with it ("Amazon Segunda mano"). */
export const isAmazon = (name: string, words: ShopWords): boolean =>
  matches(words.amazonSeller, name) || /^amazon(?![\p{L}\p{N}])/iu.test(name);

/** Whether Amazon ships it: by the shipper's name; null when nothing is shipped or nobody says. */
export const isAmazonFulfilled = (page: Page): boolean | null => {
  const { name, shipsFrom, fulfilled } = sellerOf(page);
  const words = wordsOf(page);
  if (fulfilled) return true;
  if (shipsFrom !== null) return isAmazon(shipsFrom, words);
  return name === null || isAmazon(name, words) ? null : false;
};
