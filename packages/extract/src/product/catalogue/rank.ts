import { ALL_LANGUAGES, findPhrase, shopWords, type Language, type ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, first, foldText, select, textOf, type Page } from '../../page/index.ts';
import { parseCount } from '../../text/count.ts';
import { isLabel } from '../../text/names.ts';
import { once, type Field } from '../field.ts';
import { detailRows } from './details.ts';
import { linesOf } from './lines.ts';
import { absoluteUrl } from './url.ts';

type Rank = ProductItem['sales_rank'][number];
type Step = ProductItem['category'][number]['ladder'][number];

/** A place in one best-seller list, and the way to that list. */
interface Placed extends Rank {
  readonly ladder: readonly Step[];
}

interface Said {
  readonly rank: string;
  readonly category: string;
}

/** "#16,039 in Toys & Games" in the page's language, else in any. */
function said(line: string, language: Language): Said | null {
  for (const one of [language, ...ALL_LANGUAGES]) {
    const values = findPhrase(shopWords(one).rankIn, line)?.values;
    const rank = values?.['rank'];
    const category = values?.['category'];
    if (rank !== undefined && category !== undefined && category !== '') return { rank, category };
  }
  return null;
}

/** "Books (See Top 100 in Books)": the brackets hold the link to the list and repeat its name. */
function withoutBrackets(category: string, links: readonly Element[]): string {
  const found = /^(.+?)\s*[(（]([^()（）]*)[)）]?\s*$/.exec(category);
  const [, name = '', bracket = ''] = found ?? [];
  const repeated = bracket.includes(name) || links.some((link) => textOf(link) === foldText(bracket));
  return found !== null && repeated ? name : category;
}

/** The links of a line, taken from the front of the queue. */
function linksIn(line: string, queue: Element[]): Element[] {
  const links: Element[] = [];
  let from = 0;
  for (let link = queue[0]; link !== undefined; link = queue[0]) {
    const at = line.indexOf(textOf(link), from);
    if (at === -1) break;
    from = at + textOf(link).length;
    links.push(link);
    queue.shift();
  }
  return links;
}

/** Stands for the text of a link while the words around it are read: a category may hold numbers ("3D Printers"). */
const TOKEN = '\ue000';

/** What a line says, its links read as they are. */
function saidWithLinks(line: string, links: readonly Element[], language: Language): Said | null {
  const names = links.map((link) => textOf(link));
  const words = said(
    names.reduce((text, name) => text.replace(name, () => TOKEN), line),
    language,
  );
  if (words === null) return null;
  const queue = [...names];
  return { rank: words.rank, category: words.category.replaceAll(TOKEN, () => queue.shift() ?? '') };
}

function placed(page: Page, line: string, queue: Element[]): Placed[] {
  const links = linksIn(line, queue);
  const words = saidWithLinks(line, links, page.locale);
  const rank = words === null ? null : parseCount(words.rank, page.locale);
  if (words === null || rank === null || rank < 1) return [];
  const category = withoutBrackets(words.category, links);
  const steps = links
    .filter((link) => category.includes(textOf(link)))
    .map((link) => ({ name: textOf(link), url: absoluteUrl(page, attr(link, 'href')) }));
  const url = absoluteUrl(page, attr(links.at(-1), 'href'));
  return [{ rank, category, url, ladder: steps.length > 0 ? steps : [{ name: category, url }] }];
}

const LIST_LINK = 'a[href*="/bestsellers/"], a[href*="/zgbs/"]';

/** The element that lists the places: a row of facts by its label or by its links, or the block of older pages. */
function block(page: Page): Element | null {
  const rows = detailRows(page);
  const row =
    rows.find(({ name }) => isLabel('bestSellersRankLabel', name)) ??
    rows.find(({ node }) => first(node, LIST_LINK) !== null);
  return row?.node ?? page.byId('SalesRank');
}

/** A list's row begins with its label; where the category comes first it would stand in its name. */
function withoutLabel(line: string): string {
  const [, label = '', rest = ''] = /^([^:：]+)[:：]\s*(.+)$/.exec(line) ?? [];
  return isLabel('bestSellersRankLabel', label) ? rest : line;
}

function read(page: Page): Placed[] {
  const found = block(page);
  if (found === null) return [];
  const queue = select(found, 'a').filter((link) => textOf(link) !== '');
  return linesOf(found).flatMap((line) => placed(page, withoutLabel(line), queue));
}

/** Every place in a best-seller list with the way to it, in page order. */
export const bestSellerPlaces: Field<Placed[]> = once(read);

/** `sales_rank`: one row a list, in page order. */
export const salesRank: Field<Rank[]> = (page) =>
  bestSellerPlaces(page).map(({ rank, category, url }) => ({ rank, category, url }));
