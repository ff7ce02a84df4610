import type { Domain, Language, ProductItem } from '@asa/contract';
import { say } from '../page/text.ts';
import { count } from '../words/numbers.ts';
import { absolute } from './addresses.ts';
import { shelvesOf } from './details.ts';
import { ownRandom, type Facts } from './facts.ts';

type Ranks = ProductItem['sales_rank'];

/** Best-seller ranks: one in the department, one on the shelf. A product nobody bought has none. */
export function ranksOf(domain: Domain, language: Language, asin: string, facts: Facts): Ranks {
  const random = ownRandom(domain, asin, 'rank');
  if (random.chance(0.1)) return [];
  const wide = Math.max(2, Math.floor(10 ** (1 + random.next() * 5)));
  const narrow = random.chance(0.06) ? 1 : Math.max(1, Math.floor(wide / random.int(15, 90)));
  return shelvesOf(domain, language, facts, asin).map(({ name, node }, i) => ({
    rank: i === 0 ? wide : narrow,
    category: name,
    url: absolute(domain, `/gp/bestsellers/${node}`),
  }));
}

/** A rank as the page words it: what stands before and after the category's name, and the link to the list behind it. */
export interface RankLine {
  readonly before: string;
  readonly category: string;
  readonly after: string;
  /** Text of the link to the list; only the department has one beside its name. */
  readonly seeAll: string | null;
  readonly path: string;
}

export function rankLines(language: Language, ranks: Ranks): RankLine[] {
  return ranks.map(({ rank, category, url }, i) => {
    const mark = '\u0001';
    const [before = '', after = ''] = say(language, 'rankIn', { rank: count(language, rank), category: mark }).split(
      mark,
    );
    const seeAll = i === 0 ? say(language, 'seeTop100', { category }) : null;
    return { before, category, after, seeAll, path: url === null ? '' : new URL(url).pathname };
  });
}

/** All ranks as one text. */
export const rankText = (lines: readonly RankLine[]): string =>
  lines
    .map(
      ({ before, category, after, seeAll }) => `${before}${category}${after}${seeAll === null ? '' : ` (${seeAll})`}`,
    )
    .join(' ');
