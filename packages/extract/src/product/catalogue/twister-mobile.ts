import type { Page } from '../../page/index.ts';
import { asinOrNull, isRecord, stringsOf, textOrNull } from './json.ts';
import { literalAfter } from './script.ts';
import type { Twister } from './twister.ts';

/** Current mobile pages repeat their data under an older name. */
const NAMES = ['twister-plus-mobile-inline-twister', 'mobile-twister'] as const;
/** End of a state's start tag, whatever follows its name there: then comes its value. */
const STATE = /(?:&quot;|")\s*\}["'][^<>]*>\s*(?=\{)/y;
/** Mobile pages say so in the class of their first element. */
const HEAD = 8192;

const state = (page: Page, name: string): Readonly<Record<string, unknown>> => {
  const value = literalAfter(page, name, STATE);
  return isRecord(value) ? value : {};
};

/** Values of each child, from `{"0_2": asin}` and the lists of values that the numbers count in. */
function valuesOf(asins: Readonly<Record<string, unknown>>, lists: readonly string[][]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [combination, asin] of Object.entries(asins)) {
    const child = asinOrNull(asin);
    const shown = combination.split('_').map((index, i) => lists[i]?.[Number(index)] ?? '');
    if (child !== null && shown.length === lists.length) values.set(child, shown);
  }
  return values;
}

function read(page: Page, name: string): Twister | null {
  const keys = stringsOf(state(page, `${name}-dim-list`)['key']);
  const asins = state(page, `${name}-dims-to-asin-list`);
  const lists = state(page, `${name}-dim-val-list`);
  const family = state(page, name);
  const parent = asinOrNull(family['parentAsin']);
  const [selected, names] = [family['selectedDimensions'], family['dimensionDisplayText']];
  const values = valuesOf(
    asins,
    keys.map((key) => stringsOf(lists[key])),
  );
  if (parent === null || values.size === 0 || !isRecord(selected)) return null;
  const chosen = keys.map((key) => selected[key]).filter((index) => typeof index === 'number' && index >= 0);
  const current = asinOrNull(asins[chosen.join('_')]);
  if (current === null) return null;
  const labels = keys.map((key) => (isRecord(names) ? textOrNull(names[key]) : null) ?? key);
  return { parent, current, complete: chosen.length === keys.length, labels, keys, values };
}

/** The variation family of current mobile pages. */
export function mobileTwister(page: Page): Twister | null {
  if (!page.raw.slice(0, HEAD).includes('a-mobile')) return null;
  for (const name of NAMES) {
    const family = read(page, name);
    if (family !== null) return family;
  }
  return null;
}
