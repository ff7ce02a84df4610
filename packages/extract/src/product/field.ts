import type { Page } from '../page/index.ts';

/**
 * One value of a page, read by a pure function. Absent is the field's empty value (`null`, `[]`, `{}`, `false`);
 * an exception is a bug of the extractor, never a way to say "absent".
 */
export type Field<T> = (page: Page) => T;

/** A value that says "the page does not show it". */
export const isEmpty = (value: unknown): boolean => {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
};

/** The value of the first layout variant that shows one, in the order of the list; null when none does. */
export function firstOf<T>(page: Page, variants: readonly Field<T | null>[]): T | null {
  for (const variant of variants) {
    const value = variant(page);
    if (!isEmpty(value)) return value;
  }
  return null;
}

let fields = 0;

/**
 * A field that is read at most once a page, whoever asks. The page keeps the value, each field's in a place of its own:
 * a field is asked for hundreds of times a page.
 */
export function once<T>(field: Field<T>): Field<T> {
  const place = fields++;
  return (page) => {
    const kept = page.kept[place] as { readonly value: T } | undefined;
    if (kept !== undefined) return kept.value;
    const value = field(page);
    page.kept[place] = { value };
    return value;
  };
}
