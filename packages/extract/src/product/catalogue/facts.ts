import { shopWords, type Language, type WordKey } from '@asa/contract';
import { parseDate } from '../../text/date.ts';
import { foldLabel, isLabel } from '../../text/names.ts';
import type { Page } from '../../page/index.ts';
import type { Field } from '../field.ts';
import { detailRows } from './details.ts';
import { overviewRows } from './overview.ts';

interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Of several facts with this label the one whose form of it the page's language puts first, else the first one. */
function bestOf(facts: readonly Fact[], key: WordKey, language: Language): string | null {
  const forms = shopWords(language)[key].map(foldLabel);
  const place = ({ name }: Fact): number => {
    const at = forms.indexOf(foldLabel(name));
    return at === -1 ? forms.length : at;
  };
  const found = facts.filter(({ name }) => isLabel(key, name));
  return found.toSorted((a, b) => place(a) - place(b))[0]?.value ?? null;
}

/** Value of the detail row with this label, else of the overview's pair. */
const factOf = (page: Page, key: WordKey): string | null =>
  bestOf(detailRows(page), key, page.locale) ?? bestOf(overviewRows(page), key, page.locale);

const firstFact = (page: Page, ...keys: readonly WordKey[]): string | null => {
  for (const key of keys) {
    const value = factOf(page, key);
    if (value !== null) return value;
  }
  return null;
};

/** `manufacturer`. */
export const manufacturer: Field<string | null> = (page) => factOf(page, 'manufacturerLabel');

/** `model_number`: the item's model number, else its part number. */
export const modelNumber: Field<string | null> = (page) => firstFact(page, 'modelNumberLabel', 'partNumberLabel');

/** `product_dimensions`: of the product, never of its package. */
export const productDimensions: Field<string | null> = (page) => factOf(page, 'productDimensionsLabel');

/** `item_weight`. */
export const itemWeight: Field<string | null> = (page) => factOf(page, 'itemWeightLabel');

/** `date_first_available`: since when the marketplace offers it; a publication date is another fact. */
export const dateFirstAvailable: Field<string | null> = (page) => {
  const row = detailRows(page).find(
    ({ name }) => isLabel('dateFirstAvailableLabel', name) && !isLabel('publicationDateLabel', name),
  );
  return row === undefined ? null : parseDate(row.value, page.locale);
};
