import type { WordKey } from '@asa/contract';
import { parseDate } from '../../text/date.ts';
import { isLabel } from '../../text/names.ts';
import type { Page } from '../../page/index.ts';
import type { Field } from '../field.ts';
import { detailRows } from './details.ts';
import { overviewRows } from './overview.ts';

/** Value of the first detail row with this label, else of the first pair of the overview. */
export function factOf(page: Page, key: WordKey): string | null {
  const named = ({ name }: { name: string }): boolean => isLabel(key, name);
  return detailRows(page).find(named)?.value ?? overviewRows(page).find(named)?.value ?? null;
}

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
