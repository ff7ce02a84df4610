import type { ProductItem } from '@asa/contract';
import { attr, first, hasClass, textOf, type Page } from '../../page/index.ts';
import { isLabel } from '../../text/names.ts';
import type { Field } from '../field.ts';
import { bestSellerPlaces } from './rank.ts';
import { absoluteUrl } from './url.ts';

type Category = ProductItem['category'][number];
type Step = Category['ladder'][number];

const CRUMBS = [
  'wayfinding-breadcrumbs_feature_div',
  'wayfinding-breadcrumbs_container',
  'desktop-breadcrumbs_feature_div',
  'showing-breadcrumbs_div',
  'showing-breadcrumbs_feature_div',
] as const;

/** Steps of one bar: links to categories; the divider signs and the way back to the search are none. */
function steps(page: Page, id: string): Step[] {
  return page.select(page.byId(id), 'li').flatMap((item) => {
    const link = first(item, 'a');
    const name = textOf(link ?? item);
    if (hasClass(item, 'a-breadcrumb-divider') || name === '') return [];
    if (attr(link, 'id') === 'breadcrumb-back-link' || isLabel('backToResults', name)) return [];
    return [{ name, url: absoluteUrl(page, attr(link, 'href')) }];
  });
}

function ladder(page: Page): Step[] {
  for (const id of CRUMBS) {
    const found = steps(page, id);
    if (found.length > 0) return found;
  }
  return [];
}

/** `category`: the way through the categories first (its ladder may be empty), then one a best-seller rank. */
export const category: Field<Category[]> = (page) => [
  { ladder: ladder(page), rank: null },
  ...bestSellerPlaces(page).map((place) => ({ ladder: [...place.ladder], rank: place.rank })),
];
