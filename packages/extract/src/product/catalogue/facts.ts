import { shopWords, type Language, type WordKey } from '@asa/contract';
import { parseDate } from '../../text/date.ts';
import { foldLabel, isLabel } from '../../text/names.ts';
import type { Page } from '../../page/index.ts';
import type { Field } from '../field.ts';
import { detailRows } from './details.ts';
import { kind } from './kind.ts';
import { overviewRows } from './overview.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Of several facts with this label the one whose form of it the page's language puts first, else the first one. */
function bestFact(facts: readonly Fact[], key: WordKey, language: Language): Fact | null {
  const place = ({ name }: Fact): number => formOf(key, name, language) ?? Number.MAX_SAFE_INTEGER;
  const found = facts.filter(({ name }) => isLabel(key, name));
  return found.toSorted((a, b) => place(a) - place(b))[0] ?? null;
}

/** Which of the forms of a label this is in a language, null when it is none of them. */
function formOf(key: WordKey, name: string, language: Language): number | null {
  const at = shopWords(language)[key].map(foldLabel).indexOf(foldLabel(name));
  return at === -1 ? null : at;
}

/** The detail row with the label of one of the keys, the first key that has one, else the overview's pair. */
function factOf(page: Page, ...keys: readonly WordKey[]): string | null {
  for (const key of keys) {
    const fact = bestFact(detailRows(page), key, page.locale) ?? bestFact(overviewRows(page), key, page.locale);
    if (fact !== null) return fact.value;
  }
  return null;
}

/** `manufacturer`. */
export const manufacturer: Field<string | null> = (page) => factOf(page, 'manufacturerLabel');

/** `model_number`: the item's model number, else its part number. */
export const modelNumber: Field<string | null> = (page) => factOf(page, 'modelNumberLabel', 'partNumberLabel');

/** `product_dimensions`: of the product, never of its package. */
export const productDimensions: Field<string | null> = (page) => factOf(page, 'productDimensionsLabel');

/** `item_weight`: of the item, never of its parcel. */
export const itemWeight: Field<string | null> = (page) => factOf(page, 'itemWeightLabel');

/** Works have a day of publication or release, which is another fact than since when the shop has them. */
const WORKS: ReadonlySet<string> = new Set(['book', 'kindle', 'audible', 'video', 'music']);

/** `date_first_available`: since when the marketplace offers it. */
export const dateFirstAvailable: Field<string | null> = (page) => {
  const rows = detailRows(page).filter(({ name }) => !isLabel('publicationDateLabel', name));
  const row = bestFact(rows, 'dateFirstAvailableLabel', page.locale);
  if (row === null) return null;
  const isRelease = formOf('dateFirstAvailableLabel', row.name, page.locale) !== 0;
  return isRelease && WORKS.has(kind(page)) ? null : parseDate(row.value, page.locale);
};
