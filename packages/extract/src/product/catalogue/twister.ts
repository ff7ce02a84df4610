import type { Page } from '../../page/index.ts';
import { once, type Field } from '../field.ts';
import { asinOrNull, isRecord, stringsOf } from './json.ts';

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

/** Number of dimensions that the shopper still has to choose; the page says so in one of two ways. */
function isComplete(page: Page): boolean {
  const selection = page.jsonAfter(/"dimensionSelectionData"\s*:\s*(?=\[\s*\{)/);
  if (Array.isArray(selection)) {
    return selection.every((dimension) => !isRecord(dimension) || Number(dimension['isSelected']) === 1);
  }
  const left = page.jsonAfter('"unselectedDimCount"');
  return typeof left !== 'number' || left === 0;
}

function valuesOf(page: Page): Map<string, readonly string[]> {
  const data = page.jsonAfter(/"dimensionValuesDisplayData"\s*:\s*(?=\{\s*")/);
  const values = new Map<string, readonly string[]>();
  if (!isRecord(data)) return values;
  for (const [asin, shown] of Object.entries(data)) {
    if (asinOrNull(asin) !== null) values.set(asin, stringsOf(shown));
  }
  return values;
}

function read(page: Page): Twister | null {
  const values = valuesOf(page);
  if (values.size === 0) return null;
  const parent = asinOrNull(page.jsonAfter(/"parentAsin"(?=\s*:)/));
  const current = asinOrNull(page.jsonAfter(/"currentAsin"(?=\s*:)/)) ?? asinOrNull(page.jsonAfter('"landingAsin"'));
  const keys = stringsOf(page.jsonAfter(/"dimensions"\s*:\s*(?=\[\s*")/));
  const names = page.jsonAfter(/"variationDisplayLabels"\s*:\s*(?=\{\s*")/);
  if (parent === null || current === null) return null;
  const labels = keys.map((key) => (isRecord(names) && typeof names[key] === 'string' ? names[key] : key));
  return { parent, current, complete: isComplete(page), keys, labels, values };
}

/** The variation family, null when the page shows none. */
export const twister: Field<Twister | null> = once(read);
