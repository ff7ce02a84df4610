import type { Page } from '../../page/index.ts';
import { once, type Field } from '../field.ts';
import { mobileTwister } from './twister-mobile.ts';
import { literalIn, scriptWith, type Stretch } from './script.ts';
import { asinOrNull, isRecord, stringsOf, textOrNull } from './json.ts';

/** The page's own data about the variation family it shows. */
export interface Twister {
  /** Null where the page's data does not name it. */
  readonly parent: string | null;
  /** The child whose gallery, price and details the page shows. */
  readonly current: string;
  /** Every dimension that must be chosen has been. */
  readonly complete: boolean;
  /** Dimension names as shown, in the order of the values. */
  readonly labels: readonly string[];
  /** Dimension keys ("color_name") in the same order. */
  readonly keys: readonly string[];
  /** Child ASIN -> its value of each dimension. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Reads one value of the family's script. */
type Reader = (marker: RegExp) => unknown;

/** Number of dimensions that the shopper still has to choose; the page says so in one of two ways. */
function isComplete(valueOf: Reader): boolean {
  const selection = valueOf(/"dimensionSelectionData"\s*:\s*(?=\[\s*\{)/);
  if (Array.isArray(selection)) {
    return selection.every((dimension) => !isRecord(dimension) || Number(dimension['isSelected']) === 1);
  }
  const left = valueOf(/"unselectedDimCount"\s*:/);
  return typeof left !== 'number' || left === 0;
}

function valuesOf(data: unknown): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  if (!isRecord(data)) return values;
  for (const [asin, shown] of Object.entries(data)) {
    if (asinOrNull(asin) !== null) values.set(asin, stringsOf(shown));
  }
  return values;
}

/** How the lists of values and the children's places in them are called, now and before 2015. */
const NUMBERED = [
  ['asinVariationValues', 'variationValues'],
  ['asin_variation_values', 'variation_values'],
] as const;

/** Values of each child by their numbers in the lists of values: `{asin: {size_name: "0"}}`, `{size_name: ["S", "M"]}`. */
function numberedValues(children: unknown, lists: unknown, keys: readonly string[]): Map<string, readonly string[]> {
  const values = new Map<string, readonly string[]>();
  if (!isRecord(children) || !isRecord(lists)) return values;
  for (const [asin, numbers] of Object.entries(children)) {
    if (asinOrNull(asin) === null || !isRecord(numbers)) continue;
    values.set(
      asin,
      keys.map((key) => stringsOf(lists[key])[Number(numbers[key])] ?? ''),
    );
  }
  return values;
}

/** Scripts for other devices name the data with nothing in it. */
const FILLED = /"?\s*:\s*(?=\{\s*")/y;
const filled = (name: string): RegExp => new RegExp(`"${name}"\\s*:\\s*(?=\\{\\s*")`);

function family(
  value: Reader,
  keys: readonly string[],
  values: ReadonlyMap<string, readonly string[]>,
): Twister | null {
  const parent = asinOrNull(value(/"(?:parentAsin|parent_asin)"\s*:/));
  const current =
    asinOrNull(value(/"(?:currentAsin|current_asin)"\s*:/)) ?? asinOrNull(value(/"(?:landingAsin|landing_asin)"\s*:/));
  if (values.size === 0 || current === null) return null;
  const names = value(filled('variationDisplayLabels'));
  const labels = keys.map((key) => (isRecord(names) ? textOrNull(names[key]) : null) ?? key);
  return { parent, current, complete: isComplete(value), keys, labels, values };
}

const readerOf =
  (page: Page, script: Stretch): Reader =>
  (marker) =>
    literalIn(page, script, marker);

function displayed(page: Page): Twister | null {
  const script = scriptWith(page, '"dimensionValuesDisplayData', FILLED);
  if (script === null) return null;
  const value = readerOf(page, script);
  const keys = stringsOf(value(/"dimensions"\s*:\s*(?=\[\s*")/));
  const found = family(value, keys, valuesOf(value(filled('dimensionValuesDisplayData'))));
  return found?.parent === null ? null : found;
}

function numbered(page: Page): Twister | null {
  for (const [children, lists] of NUMBERED) {
    const script = scriptWith(page, `"${children}`, FILLED);
    if (script === null) continue;
    const value = readerOf(page, script);
    const known = value(filled(lists));
    const named = stringsOf(value(/"dimensions"\s*:\s*(?=\[\s*")/));
    const keys = named.length > 0 ? named : Object.keys(isRecord(known) ? known : {});
    const found = family(value, keys, numberedValues(value(filled(children)), known, keys));
    if (found !== null) return found;
  }
  return null;
}

/** The family as the page shows it, null when it shows none. */
export const twister: Field<Twister | null> = once((page) => displayed(page) ?? mobileTwister(page) ?? numbered(page));
