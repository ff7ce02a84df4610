import type { Element } from 'domhandler';
import { isLabel } from '../../text/names.ts';
import { attr, childrenOf, first, foldText, isHidden, select, textOf, type Page } from '../../page/index.ts';
import { once, type Field } from '../field.ts';
import { linesOf } from './lines.ts';

/** One row of the lists of facts about the product. */
export interface DetailRow {
  /** The label as shown, without its colon. */
  readonly name: string;
  /** The value as shown, on one line. */
  readonly value: string;
  /** The row stands in a table of technical facts. */
  readonly technical: boolean;
  /** The element that holds the value (and, in a list, the label before it). */
  readonly node: Element;
}

const OUTER = 'productDetails_feature_div';
/** Blocks of tables of facts. Some lie within others: a row counts once, and an outer block is read for want of an inner. */
const TABLES = [
  'prodDetails',
  OUTER,
  'productDetails_secondary_view_div',
  'voyagerNorthstarATFData_feature_div',
  'technicalSpecifications_section_1',
  'technicalSpecifications_feature_div',
  'product-specification-table',
  'technical-details-table',
  'tech',
  'dv-center-features',
  'audibleProductDetails',
  'productDetails_db_sections',
  'item_details',
] as const;
const LISTS = [
  'detailBulletsWrapper_feature_div',
  'detailBullets_feature_div',
  'productDetailsTable',
  'detail-bullets',
  'detailBullets_secondary_view_div',
  'detail_bullets_id',
  'bookDetails_feature_div',
] as const;
/** How the site marks a table and a list of facts: pages have some in blocks of other names. */
const TABLE_CLASS = 'prodDetTable';
const LIST_CLASS = 'detail-bullet-list';

const withoutColon = (label: string): string => foldText(label).replace(/[\s:：]+$/, '');

function row(name: string, value: string, node: Element, technical: boolean): DetailRow | null {
  const label = withoutColon(name);
  return label === '' || value === '' ? null : { name: label, value, node, technical };
}

const valueOf = (cell: Element): string => linesOf(first(cell, '.a-truncate-full') ?? cell).join(' ');

function tableRow(tr: Element, technical: boolean): DetailRow | null {
  const label = childrenOf(tr, 'th')[0] ?? childrenOf(tr, 'td')[0];
  const cell = childrenOf(tr, 'td').find((td) => td !== label);
  return label === undefined || cell === undefined ? null : row(textOf(label), valueOf(cell), cell, technical);
}

/** Tables of technical facts say so in their id or in that of their block. */
const isTechnical = (element: Element): boolean => /tech/i.test(attr(element, 'id') ?? '');

/** The tables of facts, those of the known blocks first, each once; `true` for technical ones. */
function tablesOf(page: Page): ReadonlyMap<Element, boolean> {
  const tables = new Map<Element, boolean>();
  const blocks = TABLES.filter((id) => id !== OUTER || !page.has('prodDetails')).flatMap((id) => page.shownById(id));
  for (const block of blocks) {
    for (const table of block.name === 'table' ? [block] : select(block, 'table')) {
      if (!tables.has(table)) tables.set(table, isTechnical(table) || isTechnical(block));
    }
  }
  for (const table of page.allByClass(TABLE_CLASS)) if (!tables.has(table)) tables.set(table, isTechnical(table));
  return tables;
}

const tableRows = (page: Page): (DetailRow | null)[] =>
  [...tablesOf(page)].flatMap(([table, technical]) => select(table, 'tr').map((tr) => tableRow(tr, technical)));

/** "Label: value" items, the label in bold. Items within items (ranks) belong to the outer one. */
function listRow(li: Element): DetailRow | null {
  const label = first(li, '.a-text-bold, b, strong');
  if (label === null || isHidden(li)) return null;
  const value = linesOf(li, (element) => element === label).join(' ');
  return row(textOf(label), value, li, false);
}

/** Lists lie within others: their items are the same elements, and each is read once. */
const listRows = (blocks: readonly Element[]): (DetailRow | null)[] =>
  [...new Set(blocks.flatMap((block) => select(block, 'li')))].map(listRow);

/** Apps: a label and its value in a row each. */
function pairRows(block: Element): (DetailRow | null)[] {
  return childrenOf(block, 'div').map((pair) => {
    const label = first(pair, 'span');
    const value = linesOf(pair, (element) => element === label).join(' ');
    return label === null ? null : row(textOf(label), value, pair, true);
  });
}

const CARD = '.rpi-carousel-attribute-card, .rpi-attribute-content';

/** Cards of facts about a book. */
function cardRow(card: Element): DetailRow | null {
  const value = first(card, '.rpi-attribute-value');
  return value === null ? null : row(textOf(first(card, '.rpi-attribute-label')), textOf(value), value, false);
}

/** Lists of the known blocks, else those with the mark. */
function lists(page: Page): (DetailRow | null)[] {
  const known = listRows(LISTS.flatMap((id) => page.shownById(id)));
  return known.length > 0 ? known : listRows(page.allByClass(LIST_CLASS));
}

function allRows(page: Page): DetailRow[] {
  const apps = page.allById('masTechnicalDetails-btf').flatMap(pairRows);
  const block = page.firstById('richProductInformation_feature_div', 'rich_product_information');
  const cards = page.select(block, CARD).map(cardRow);
  const byNode = new Map<Element, DetailRow>();
  for (const found of [...tableRows(page), ...lists(page), ...apps, ...cards]) {
    if (found !== null && !byNode.has(found.node)) byNode.set(found.node, found);
  }
  return [...byNode.values()];
}

/** Every row of the page's lists of facts, in page order. */
export const detailRows: Field<DetailRow[]> = once(allRows);

/** Rows as a map; the first of two rows of one name stays. */
export function toMap(rows: readonly DetailRow[]): Record<string, string> {
  const map = new Map<string, string>();
  for (const { name, value } of rows) if (!map.has(name)) map.set(name, value);
  return Object.fromEntries(map);
}

const isFact = ({ name }: DetailRow): boolean => !isLabel('customerReviewsLabel', name);

/** `product_details`: every row but the one that holds the rating. */
export const productDetails: Field<Record<string, string>> = (page) => toMap(detailRows(page).filter(isFact));

/** `technical_details`: the rows of the tables of technical facts. */
export const technicalDetails: Field<Record<string, string>> = (page) =>
  toMap(detailRows(page).filter((found) => found.technical && isFact(found)));
