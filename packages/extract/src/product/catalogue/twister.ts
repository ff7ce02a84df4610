import type { Page } from '../../page/index.ts';
import { once, type Field } from '../field.ts';
import { mobileTwister } from './twister-mobile.ts';
import { literalIn, scriptWith } from './script.ts';
import { asinOrNull, isRecord, stringsOf, textOrNull } from './json.ts';

/** The page's own data about the variation family it shows. */
export interface Twister {
  readonly parent: string;
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

const NAME = '"dimensionValuesDisplayData"';
/** Scripts for other devices name it with nothing in it. */
const FILLED = /\s*:\s*(?=\{\s*")/y;

function read(page: Page): Twister | null {
  const script = scriptWith(page, NAME, FILLED);
  if (script === null) return null;
  const value: Reader = (marker) => literalIn(page, script, marker);
  const values = valuesOf(value(/"dimensionValuesDisplayData"\s*:\s*(?=\{\s*")/));
  const parent = asinOrNull(value(/"parentAsin"\s*:/));
  const current = asinOrNull(value(/"currentAsin"\s*:/)) ?? asinOrNull(value(/"landingAsin"\s*:/));
  if (values.size === 0 || parent === null || current === null) return null;
  const keys = stringsOf(value(/"dimensions"\s*:\s*(?=\[\s*")/));
  const names = value(/"variationDisplayLabels"\s*:\s*(?=\{\s*")/);
  const labels = keys.map((key) => (isRecord(names) ? textOrNull(names[key]) : null) ?? key);
  return { parent, current, complete: isComplete(value), keys, labels, values };
}

/** The family as the page shows it, null when it shows none. */
export const twister: Field<Twister | null> = once((page) => read(page) ?? mobileTwister(page));
