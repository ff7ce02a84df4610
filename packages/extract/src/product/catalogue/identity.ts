import { attr, type Page } from '../../page/index.ts';
import { isLabel } from '../../text/names.ts';
import { firstOf, once, type Field } from '../field.ts';
import { detailRows } from './details.ts';
import { asinInUrl, asinOrNull } from './json.ts';
import { twister } from './twister.ts';

/** `#ASIN` inputs of the buy box. Used and new rows repeat it. */
function buyBoxInput(page: Page): string | null {
  const values = page.allById('ASIN').map((input) => asinOrNull(attr(input, 'value')));
  const family = twister(page);
  if (family !== null && values.includes(family.current)) return family.current;
  return values.find((value) => value !== null) ?? null;
}

/**
 * The buy box names the family while a child is shown and fully chosen: then the page is for the child. While a choice
 * is still open the page is for what the buy box names.
 */
function chosen(page: Page): string | null {
  const input = buyBoxInput(page);
  const family = twister(page);
  if (family === null) return input;
  if (input === null) return family.complete ? family.current : null;
  return input === family.parent && family.complete ? family.current : input;
}

/** Kindle and older forms number their inputs ("ASIN.0"). */
const FORM_NAMES = ['ASIN.0', 'items[0.base][asin]', 'ASIN.1', 'ASIN'] as const;

function formInput(page: Page): string | null {
  for (const name of FORM_NAMES) {
    const values = page.allByAttr('name', name).map((input) => asinOrNull(attr(input, 'value')));
    const [value] = values.filter((one) => one !== null);
    if (value !== undefined && new Set(values).size === 1) return value;
  }
  return null;
}

/** The rating at the top belongs to the product and says whose it is. */
function ratedAsin(page: Page): string | null {
  const box = page.byId('averageCustomerReviews');
  return asinOrNull(attr(box, 'data-asin')) ?? asinInUrl(attr(page.byId('acrCustomerReviewLink'), 'href'));
}

const canonicalHref: Field<string | null> = once((page) => attr(page.allByAttr('rel', 'canonical')[0], 'href'));

/** Last of all: on some pages it names the family or a newer model. */
const canonicalAsin = (page: Page): string | null => asinInUrl(canonicalHref(page));

function detailAsin(page: Page): string | null {
  const rows = detailRows(page);
  for (const key of ['asinLabel', 'isbn10Label'] as const) {
    const value = asinOrNull(rows.find((row) => isLabel(key, row.name))?.value);
    if (value !== null) return value;
  }
  return null;
}

/** The address the page came from. */
const addressAsin = (page: Page): string | null => asinInUrl(page.url);

/** ASIN of the product the page is for, null when the page does not say. */
export const shownAsin: Field<string | null> = once((page) =>
  firstOf(page, [chosen, ratedAsin, formInput, detailAsin, canonicalAsin, addressAsin]),
);

/** `asin`. Empty on a page that names none, which is then no product. */
export const asin: Field<string> = (page) => shownAsin(page) ?? '';

/** `parent_asin`: the family of a page with variations. */
export const parentAsin: Field<string | null> = (page) => twister(page)?.parent ?? null;

/** `url`: the product's address on its marketplace. */
export const url: Field<string | null> = (page) => {
  const own = shownAsin(page);
  return own === null ? null : `https://${page.marketplace.host}/dp/${own}`;
};

/** `domain`. */
export const domain: Field<string> = (page) => page.marketplace.domain;

/** `language`: as the page declares it; a page that declares none is in the language it was asked in. */
export const language: Field<string | null> = (page) => page.locale;
