import type { ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, first, hasClass, textOf, type Page } from '../../page/index.ts';
import { parseMoney } from '../../text/money.ts';
import { once, type Field } from '../field.ts';
import { asinOrNull, textOrNull } from './json.ts';
import { twister } from './twister.ts';

type Variation = ProductItem['variations'][number];

/** `variation_dimensions`: the names as shown. */
export const variationDimensions: Field<string[]> = (page) => [...(twister(page)?.labels ?? [])];

/** What one swatch shows of the child it leads to. */
interface Swatch {
  readonly price: number | null;
  readonly image: string | null;
  readonly available: boolean | null;
}

const OWN_PRICE = '.twisterSwatchPrice, .apex-pricetopay-value, .a-price';

/** The price of the child itself; "5 options from ..." is a price of any of several offers. */
function priceOf(page: Page, swatch: Element): number | null {
  if (first(swatch, '.olp-message, .olpWrapper') !== null) return null;
  const box = first(swatch, OWN_PRICE);
  if (box === null) return null;
  const text = textOf(first(box, '.a-offscreen')) || textOf(first(box, '[aria-hidden=true]') ?? box);
  return parseMoney(text, { currency: page.marketplace.currency, language: page.locale })?.amount ?? null;
}

function availabilityOf(swatch: Element): boolean | null {
  if (attr(swatch, 'data-initiallyunavailable') === 'true') return false;
  if (hasClass(swatch, 'swatchUnavailable') || hasClass(swatch, 'swatchCurrentlyUnavailable')) return false;
  const known = attr(swatch, 'data-initiallyunavailable') === 'false';
  return known || hasClass(swatch, 'swatchAvailable') ? true : null;
}

const BLOCKS = [
  'twister-plus-inline-twister',
  'inline-twister-scroller',
  'twister',
  'twister_feature_div',
  'variation_feature_div',
] as const;

/** Swatches by the ASIN they lead to. One that leads to several rows counts once, the one with a price first. */
function swatches(page: Page): Map<string, Swatch> {
  const found = new Map<string, Swatch>();
  const block = page.firstById(...BLOCKS);
  for (const swatch of page.select(block, 'li[data-asin], li[data-defaultasin]')) {
    const asin = asinOrNull(attr(swatch, 'data-asin') ?? attr(swatch, 'data-defaultasin'));
    if (asin === null) continue;
    const price = priceOf(page, swatch);
    const image = textOrNull(attr(first(swatch, 'img'), 'src'));
    const known = found.get(asin);
    found.set(asin, {
      price: known?.price ?? price,
      image: known?.image ?? (image !== null && /^https?:/.test(image) ? image : null),
      available: known?.available ?? availabilityOf(swatch),
    });
  }
  return found;
}

function read(page: Page): Variation[] {
  const family = twister(page);
  if (family === null) return [];
  const shown = swatches(page);
  return [...family.values].map(([asin, values]) => {
    const swatch = shown.get(asin);
    return {
      asin,
      dimensions: Object.fromEntries(family.labels.map((label, i) => [label, values[i] ?? ''])),
      selected: asin === family.current,
      price: swatch?.price ?? null,
      image: swatch?.image ?? null,
      available: swatch?.available ?? null,
    };
  });
}

/** `variations`: every child of the family, in the page's order. */
export const variations: Field<Variation[]> = once(read);
