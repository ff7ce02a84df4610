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

/** Whole blocks of facts, the outer before the inner: the first that is there is read. */
const TABLES = ['prodDetails', 'productDetails_feature_div', 'productDetails_secondary_view_div'] as const;
/** Facts in tables that stand alone. */
const LONE_TABLES = ['technicalSpecifications_section_1', 'product-specification-table'] as const;
const LISTS = [
  'detailBulletsWrapper_feature_div',
  'detailBullets_feature_div',
  'productDetailsTable',
  'detail-bullets',
  'detailBullets_secondary_view_div',
] as const;

const withoutColon = (label: string): string => foldText(label).replace(/[\s:：]+$/, '');

function row(name: string, value: string, node: Element, technical: boolean): DetailRow | null {
  const label = withoutColon(name);
  return label === '' || value === '' ? null : { name: label, value, node, technical };
}

const valueOf = (cell: Element): string => textOf(first(cell, '.a-truncate-full') ?? cell);

function isTechnical(table: Element): boolean {
  return /tech/i.test(attr(table, 'id') ?? '');
}

function tableRows(table: Element): (DetailRow | null)[] {
  const technical = isTechnical(table);
  return select(table, 'tr').map((tr) => {
    const label = childrenOf(tr, 'th')[0] ?? childrenOf(tr, 'td')[0];
    const cell = childrenOf(tr, 'td').find((td) => td !== label);
    return label === undefined || cell === undefined ? null : row(textOf(label), valueOf(cell), cell, technical);
  });
}

/** "Label: value" items, the label in bold. Items within items (ranks) belong to the outer one. */
function listRows(list: Element): (DetailRow | null)[] {
  return select(list, 'li').map((li) => {
    const label = first(li, '.a-text-bold, b, strong');
    if (label === null || isHidden(li)) return null;
    const value = linesOf(li, (element) => element === label).join(' ');
    return row(textOf(label), value, li, false);
  });
}

const tables = (block: Element): Element[] => (block.name === 'table' ? [block] : select(block, 'table'));

function allRows(page: Page): DetailRow[] {
  const block = TABLES.map((id) => page.byId(id)).find((found) => found !== null && tables(found).length > 0);
  const sheets = [block, ...LONE_TABLES.map((id) => page.byId(id))].filter((found) => found != null);
  const list = LISTS.map((id) => page.byId(id)).find((found) => found !== null);
  const rows = [...sheets.flatMap(tables).flatMap(tableRows), ...(list == null ? [] : listRows(list))];
  return rows.filter((found) => found !== null);
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
