import { ALL_LANGUAGES, findPhrase, shopWords, type Language, type ProductItem } from '@asa/contract';
import type { Element } from 'domhandler';
import { attr, foldText, select, textOf, type Page } from '../../page/index.ts';
import { parseCount } from '../../text/count.ts';
import { asciiDigits } from '../../text/digits.ts';
import { isLabel } from '../../text/names.ts';
import { once, type Field } from '../field.ts';
import { detailRows } from './details.ts';
import { linesOf } from './lines.ts';
import { absoluteUrl } from './url.ts';

type Rank = ProductItem['sales_rank'][number];

/** Links of the lists of best sellers. */
const LIST_LINK = /bestsellers|zgbs|new-releases/;

/** "(See Top 100 in Books)", "(本の売れ筋ランキングを見る)": a link in brackets after the first rank. */
const IN_BRACKETS = /[(（][^()（）]*[)）]\s*$/;

const withoutBrackets = (line: string, link: string | null): string => {
  const bracket = IN_BRACKETS.exec(line)?.[0];
  return bracket !== undefined && link !== null && bracket.includes(link) ? line.slice(0, -bracket.length) : line;
};

interface Said {
  readonly rank: string;
  readonly category: string;
}

/** "#16,039 in Toys & Games" in the page's language, else in any. */
function said(line: string, language: Language): Said | null {
  for (const one of [language, ...ALL_LANGUAGES]) {
    const values = findPhrase(shopWords(one).rankIn, line)?.values;
    if (values?.['rank'] !== undefined && values['category'] !== undefined) {
      return { rank: values['rank'], category: values['category'] };
    }
  }
  return null;
}

/** The list that a line of a rank links to, if the link is its category and not a "see more" in brackets. */
function linkIn(lineText: string, links: readonly Element[]): Element | null {
  return links.find((link) => textOf(link) !== '' && lineText.includes(textOf(link))) ?? null;
}
void linkIn;

function rankOf(line: string, page: Page, links: Element[]): Rank[] {
  const at = links.findIndex((link) => line.includes(textOf(link)));
  const link = at === -1 ? null : (links.splice(at, 1)[0] ?? null);
  const shown = withoutBrackets(line, link === null ? null : textOf(link)).trim();
  const words = said(shown, page.locale);
  const category = link !== null && shown.endsWith(textOf(link)) && shown === line ? textOf(link) : words?.category;
  const number = words?.rank ?? /\p{N}[\p{N}.,\s]*/u.exec(asciiDigits(shown))?.[0];
  const rank = number === undefined ? null : parseCount(number.trim(), page.locale);
  if (rank === null || rank < 1 || category === undefined || category === '') return [];
  return [{ rank, category: foldText(category), url: absoluteUrl(page, attr(link, 'href')) }];
}
void LIST_LINK;

/** The element that lists the ranks: the value of the row, or the block of older pages. */
function block(page: Page): Element | null {
  return detailRows(page).find((row) => isLabel('bestSellersRankLabel', row.name))?.node ?? page.byId('SalesRank');
}

function read(page: Page): Rank[] {
  const found = block(page);
  if (found === null) return [];
  const links = select(found, 'a').filter((link) => textOf(link) !== '');
  return linesOf(found).flatMap((line) => rankOf(line, page, links));
}

/** `sales_rank`: one row a list, in page order. */
export const salesRank: Field<Rank[]> = once(read);
