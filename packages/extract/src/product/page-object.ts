import type { Field } from './field.ts';

/** A page object: one pure function per key of the item. A key without a function does not compile. */
export type PageObject<Item> = { readonly [K in keyof Item]-?: Field<Item[K]> };

/** Which keys of an item the page showed, which it did not, and which could not be read because of a bug. */
export interface FieldReport {
  readonly found: readonly string[];
  readonly missing: readonly string[];
  readonly failed: readonly string[];
}
