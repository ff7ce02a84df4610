import type { Element, ParentNode } from 'domhandler';
import { attr, attrIncludes, closest, hasClass, hasElements, type Page } from '../../page/index.ts';
import { once } from '../field.ts';
import { Part } from './part.ts';
import { isSilent, isUnseen } from './visible.ts';

/** Where buy boxes stand, in the layouts of the years; the first that is there and not empty is taken. */
const BOXES = [
  'desktop_buybox',
  'mobile_buybox',
  'buybox',
  'buybox_feature_div',
  'combinedBuyBox',
  'mediaTab_content_landing',
  'rightCol',
  'handleBuy',
] as const;

/** Where the price stands beside the title. Nested ones are read once. */
const BLOCKS = [
  'apex_desktop',
  'apex_mobile',
  'unifiedPrice_feature_div',
  'price_feature_div',
  'price',
  'priceBlock',
  'newPitchPriceWrapper_feature_div',
  'ebooksPrice_feature_div',
  'corePriceDisplay_desktop_feature_div',
  'corePriceDisplay_mobile_feature_div',
  'corePrice_desktop',
  'corePrice_mobile_feature_div',
  'corePrice_feature_div',
  'dealBadge_feature_div',
  'promoPriceBlockMessage_feature_div',
] as const;

/** Parts of a buy box that sell something else: warranties, accessories, trade-ins, alternatives for export, samples. */
const FOREIGN = new Set([
  'abbWrapper',
  'mbb_feature_div',
  'mbbPopover',
  'abb-widget-section',
  'bbop-sbbop-container',
  'marsAccessoryUpsell_feature_div',
  'accessoryUpsellAccordion_feature_div',
  'accessoryUpsellAmabotAccordion_feature_div',
  'tradeInButton_feature_div',
  'tradeInBuyboxFeatureDiv',
  'tradeInInstantSavings_feature_div',
  'exportAlternativeWidget_feature_div',
  'exportAlternativeTable',
  'twisterPlusPriceSubtotalWWDesktop_feature_div',
  'twisterPlusBuyBoxMessage_feature_div',
  'primeLearnMoreDiv',
  'primeDPUpsellStaticContainer',
  'primeDPUpsellStaticContainerNPA',
  'addToWishlist_feature_div',
  'consumerDigitalBulkBuy',
  'sims-fbt',
  'valuePick_feature_div',
  'olp_feature_div',
  'mbc',
  'moreBuyingChoices_feature_div',
]);

/** One way to buy among several: a row of the accordion, or (2013) a section behind a radio button. */
interface Row {
  readonly element: Element;
  /** For example `newAccordionRow`, `usedAccordionRow`, `snsAccordionRowMiddle`. */
  readonly name: string;
  /** Its own id, with a number when there are several of a name: `newAccordionRow_0`. */
  readonly id: string;
  readonly active: boolean;
}

/** The parts of the page that show the featured offer. */
export interface Scope {
  /** The buy box without its inactive rows; null when the page has none. */
  readonly box: Part | null;
  /** Blocks of the price beside the title, those of the active row. */
  readonly block: Part;
  /** Name of the active row; null when the box has no rows. */
  readonly row: string | null;
  /** Rows that are not the featured offer. */
  readonly otherRows: readonly Element[];
  /** A price block belongs to a row that the box has not: the page is damaged, and rows may stand where they do not belong. */
  readonly hasLostRows: boolean;
  /** The box has rows of which none can be told from the others. */
  readonly hasUnreadRows: boolean;
}

const ROW_ID = /^\w*accordionrow\w*$/i;

/** Sections behind radio buttons: 2013, and book pages until 2019. */
const SECTIONS = ['rbb_section', 'rbbSection'] as const;
const isSection = (element: Element): boolean => SECTIONS.some((name) => hasClass(element, name));

function rowName(element: Element): string | null {
  const declared = attr(element, 'data-a-accordion-row-name');
  const id = attr(element, 'id') ?? '';
  if (declared !== null && ROW_ID.test(declared)) return declared;
  if (ROW_ID.test(id) && hasClass(element, 'a-box')) return id.replace(/_\d+$/, '');
  return isSection(element) ? id : null;
}

const ACTIVE_HEADER = '[data-csa-c-is-in-initial-active-row="true"]';

function isActive(page: Page, element: Element): boolean {
  if (hasClass(element, 'a-accordion-active') || hasClass(element, 'dp-accordion-active')) return true;
  return (isSection(element) && hasClass(element, 'selected')) || page.first(element, ACTIVE_HEADER) !== null;
}

const ROWS = '[data-a-accordion-row-name], [id*="ccordionRow"], .rbb_section, .rbbSection';

/** Every box with rows has one of these ids in it; most boxes have no rows and are not searched. */
const ROW_IDS = /accordionrow|^rbb|^bb_section$|^(?:buyNew|usedBuy|rentBuy)Section$/i;

/** Rows of a box; of several active ones only the first counts. */
function rowsOf(page: Page, box: Element): Row[] {
  if (!page.idsPresent().some((id) => ROW_IDS.test(id))) return [];
  const rows: Row[] = [];
  let taken = false;
  for (const element of page.select(box, ROWS)) {
    const name = rowName(element);
    if (name === null || rows.some((known) => known.element === element.parent)) continue;
    const active: boolean = !taken && isActive(page, element);
    rows.push({ element, name, id: attr(element, 'id') ?? name, active });
    taken ||= active;
  }
  return rows;
}

/** Rails of other products, and what stands below the fold: a box whose end tag is lost does not swallow them. */
const RAIL_ID =
  /^(?:sp_|anonCarousel|sims-|similarities|HLCX|dp-ads|btf|customerReviews|reviewsMedley|aplus|detailBullets|prodDetails|productDescription|navFooter)/;
/** Options beside a product, numbered: a warranty behind a check box (2013-2017), its popover. */
const EXTRA_ID = /^(?:bb_lm_|mbb)/;
/** `a-carousel`, `a-carousel-container`, `a-carousel-card`. */
const RAIL_CLASS = 'a-carousel';

const isRail = (element: Element): boolean =>
  RAIL_ID.test(attr(element, 'id') ?? '') || attrIncludes(element, 'class', RAIL_CLASS);

const isForeign = (element: Element): boolean => {
  const id = attr(element, 'id');
  return (id !== null && (FOREIGN.has(id) || EXTRA_ID.test(id))) || isRail(element);
};

/** In a rail, whose cards use the ids of the page's own price, or in something that a shopper does not see. */
const isApart = (element: Element): boolean =>
  closest(element, (up) => isUnseen(up) || isSilent(up) || isRail(up)) !== null;

const APEX_ROW = /^apex_(?:desktop|mobile)_(.+)$/;

/** A price block of one row is read when its row is active, whatever its style says; any other when it is seen. */
const blockFilter = (row: Row | null) => (element: Element) => {
  const name = APEX_ROW.exec(attr(element, 'id') ?? '')?.[1];
  if (name !== undefined && row !== null && ROW_ID.test(name)) return name !== row.id && name !== row.name;
  return isUnseen(element) || isForeign(element);
};

function hasLostRows(page: Page, rows: readonly Row[]): boolean {
  const named = page.idsPresent().map((id) => APEX_ROW.exec(id)?.[1]);
  return named.some(
    (name) => name !== undefined && ROW_ID.test(name) && !rows.some((r) => r.id === name || r.name === name),
  );
}

/** The first box that is shown. One that is hidden counts where no other is there: scripts may show it later. */
function boxOf(page: Page): Element | null {
  let hidden: Element | null = null;
  for (const id of BOXES) {
    const found = page.has(id) ? page.byId(id) : null;
    if (found === null || !hasElements(found)) continue;
    if (!isApart(found)) return found;
    hidden ??= found;
  }
  return hidden;
}

const within = (element: Element, root: Element): boolean => closest(element, (up) => up === root) !== null;

/** Rows hold prices of this kind, and beside the title it stands in a block: alone it has fallen out of another row. */
const IN_ROW = /^corePrice_/;

/** In a row that is not the featured offer, wherever the row stands. */
const isInOtherRow = (page: Page, element: Element): boolean =>
  closest(element, (up) => rowName(up) !== null && !isActive(page, up)) !== null;

/** Roots that are neither in the box nor in one another. Outer ones come first in the list, so inner ones know them. */
function blocksOf(
  page: Page,
  box: Element | null,
  row: Row | null,
  leaveOut: (element: Element) => boolean,
): Element[] {
  const roots: Element[] = [];
  for (const id of BLOCKS.filter((one) => row === null || !IN_ROW.test(one))) {
    for (const element of page.allById(id)) {
      const known = [box, ...roots].some((root) => root !== null && within(element, root));
      if (!known && closest(element, (up) => leaveOut(up) || isSilent(up)) === null && !isInOtherRow(page, element))
        roots.push(element);
    }
  }
  return roots;
}

const isAccordion = (element: Element): boolean =>
  attr(element, 'id') === 'buyBoxAccordion' || hasClass(element, 'a-accordion');

/** Rows stand in one element that holds nothing else: what is there beside the active row is of another one. */
function betweenRows(active: Row | null): (element: Element) => boolean {
  const accordion = active === null ? null : closest(active.element, isAccordion);
  if (active === null || accordion === null) return () => false;
  const path = new Set<ParentNode>();
  for (let up: ParentNode | null = active.element; up !== null; up = up.parent) {
    path.add(up);
    if (up === accordion) break;
  }
  return (element) =>
    element.parent !== null && element.parent !== active.element && path.has(element.parent) && !path.has(element);
}

/** Finds the featured offer on the page: the one row or box that a shopper buys from, and the price block that goes with it. */
export const scopeOf = once((page: Page): Scope => {
  const root = boxOf(page);
  const rows = root === null ? [] : rowsOf(page, root);
  const active = rows.find((row) => row.active) ?? null;
  const others = rows.filter((row) => row !== active).map((row) => row.element);
  const ofRow = blockFilter(active);
  const between = betweenRows(active);
  const leaveOut = (element: Element): boolean => others.includes(element) || between(element) || ofRow(element);
  return {
    box: root === null ? null : new Part([root], leaveOut),
    block: new Part(blocksOf(page, root, active, ofRow), ofRow),
    row: active?.name ?? null,
    otherRows: others,
    hasLostRows: hasLostRows(page, rows),
    hasUnreadRows: rows.length === 0 && root !== null && page.first(root, '#buyBoxAccordion') !== null,
  };
});

/** The rows that are not the featured offer, to read what they are asked for by name. */
export const otherRows = once((page: Page): readonly Part[] =>
  scopeOf(page).otherRows.map((element) => new Part([element], isForeign)),
);

/**
 * The first of these ids in the buy box, else elsewhere on the page: never in a row that is not the featured offer,
 * never where it is hidden or in a rail.
 */
export function inOffer(page: Page, ...ids: readonly string[]): Element | null {
  const { box } = scopeOf(page);
  const inside = box?.byId(...ids) ?? null;
  if (inside !== null) return inside;
  const root = box?.roots[0];
  for (const id of ids) {
    const found = page
      .allById(id)
      .find(
        (element) =>
          !isApart(element) && (root === undefined || !within(element, root)) && !isInOtherRow(page, element),
      );
    if (found !== undefined) return found;
  }
  return null;
}

/** Parts of a box that tell what stands beside its price: list prices, savings, prices of one unit. */
const PRICE_PLACES = [
  'corePrice_feature_div',
  'priceBlock',
  'booksAdditionalPriceInfoContainer',
  'newBooksAdditionalPriceInfo_feature_div',
  'buy-price-block',
  'digital-list-price',
  'print-list-price',
  'kindle-price-column',
  'buyOneClick',
  'buyBoxInner',
  'combinedBuyBox',
] as const;

/** Where amounts beside the price stand: the block, then the parts of the box that are made for them. */
export const priceParts = once((page: Page): readonly Part[] => {
  const scope = scopeOf(page);
  const places = PRICE_PLACES.flatMap((id) => scope.box?.allById(id) ?? []);
  const leaveOut = (inner: Element): boolean => scope.otherRows.includes(inner) || isUnseen(inner) || isForeign(inner);
  return [scope.block, ...places.map((element) => new Part([element], leaveOut))];
});
