import type { Element } from 'domhandler';
import { attr, first, hasClass, isHidden, textOf, type Page } from '../../page/index.ts';
import { firstOf, type Field } from '../field.ts';

/** The item that asks for a vehicle or a model to check the fit is a form, not a fact. */
function isFact(item: Element): boolean {
  return !isHidden(item) && attr(item, 'id') !== 'replacementPartsFitmentBullet' && !hasClass(item, 'aok-hidden');
}

const itemsOf = (list: readonly Element[]): string[] =>
  list
    .filter(isFact)
    .map((item) => textOf(first(item, '.a-list-item') ?? item))
    .filter((text) => text !== '');

/** Desktop and mobile, below the pictures of older pages, the shop of luxury brands, apps. */
const BLOCKS = [
  'feature-bullets',
  'featurebullets_feature_div',
  'feature-bullets_feature_div',
  'feature-bullets-btf',
  'bond-feature-bullets-desktop',
  'mas-product-feature',
] as const;

function listed(page: Page): string[] {
  for (const id of BLOCKS) {
    const items = itemsOf(page.select(page.byId(id), 'ul > li'));
    if (items.length > 0) return items;
  }
  return [];
}

/** Apparel: below the facts, in the same box. */
function facts(page: Page): string[] {
  for (const id of ['productFactsDesktopExpander', 'productFacts_feature_div'] as const) {
    const items = itemsOf(page.select(page.byId(id), 'ul > li'));
    if (items.length > 0) return items;
  }
  return [];
}

/** `bullet_points`: the visible items of "About this item". */
export const bulletPoints: Field<string | null> = (page) => firstOf(page, [listed, facts])?.join('\n') ?? null;
