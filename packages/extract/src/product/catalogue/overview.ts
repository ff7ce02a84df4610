import type { Element } from 'domhandler';
import { childrenOf, first, foldText, isHidden, select, textOf, type Page } from '../../page/index.ts';
import { firstOf, once, type Field } from '../field.ts';

/** One pair of the short overview beside the pictures. */
export interface OverviewRow {
  readonly name: string;
  readonly value: string;
}

const valueOf = (cell: Element): string => textOf(first(cell, '.a-truncate-full') ?? cell);
const pair = (name: string, value: string): OverviewRow => ({ name: foldText(name).replace(/[\s:：]+$/, ''), value });

/** Two columns: label, value. */
function tableRows(block: Element | null): OverviewRow[] {
  if (block === null) return [];
  return select(block, 'tr').flatMap((tr) => {
    const [label, cell] = childrenOf(tr).filter(({ name }) => name === 'td' || name === 'th');
    return label === undefined || cell === undefined || isHidden(tr) ? [] : [pair(textOf(label), valueOf(cell))];
  });
}

/** Icons with a bold label and a value below it, several in a row. */
function glanceRows(block: Element | null): OverviewRow[] {
  if (block === null) return [];
  return select(block, '.a-text-bold').flatMap((label) => {
    const cell = label.parent;
    if (cell === null) return [];
    const others = childrenOf(cell).filter((child) => child !== label);
    return [pair(textOf(label), foldText(others.map(textOf).join(' ')))];
  });
}

/** Apparel: facts above the bullets. */
function factRows(block: Element | null): OverviewRow[] {
  if (block === null) return [];
  return select(block, '.product-facts-detail').flatMap((fact) => {
    const label = first(fact, '.a-col-left');
    const cell = first(fact, '.a-col-right');
    return label === null || cell === null ? [] : [pair(textOf(label), textOf(cell))];
  });
}

/** The current block, its inner part, the folded one of the newest pages: the first that has rows. */
const table = (page: Page): OverviewRow[] =>
  firstOf(
    page,
    (['productOverview_feature_div', 'poExpander', 'topHighlight'] as const).map(
      (id) => (one) => tableRows(one.byId(id)),
    ),
  ) ?? [];

const facts = (page: Page): OverviewRow[] =>
  firstOf(
    page,
    (['productFactsDesktopExpander', 'productFacts_feature_div'] as const).map((id) => (one) => factRows(one.byId(id))),
  ) ?? [];

function read(page: Page): OverviewRow[] {
  const rows = [...table(page), ...glanceRows(page.byId('glance_icons_div')), ...facts(page)];
  return rows.filter(({ name, value }) => name !== '' && value !== '');
}

/** Every pair of the overview, in page order. */
export const overviewRows: Field<OverviewRow[]> = once(read);

/** `product_overview`; the first of two pairs of one name stays. */
export const productOverview: Field<Record<string, string>> = (page) => {
  const map = new Map<string, string>();
  for (const { name, value } of overviewRows(page)) if (!map.has(name)) map.set(name, value);
  return Object.fromEntries(map);
};
