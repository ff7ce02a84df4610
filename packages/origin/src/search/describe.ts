import { marketplace, SORTS, type Domain, type Language, type PageCard, type ReadSearchPage } from '@asa/contract';
import { say, sayWith } from '../page/text.ts';
import { absolute, imageUrl } from '../product/addresses.ts';
import { cleaned } from '../product/clean.ts';
import { neighbour, type Neighbour } from '../product/goods.ts';
import { offerOf } from '../product/offer.ts';
import { ageOf, shelvesOf } from '../product/details.ts';
import { ranksOf } from '../product/ranks.ts';
import { isBuyable } from '../product/states.ts';
import { ownRandom } from '../product/facts.ts';
import { ALPHANUMERIC, randomOf } from '../random.ts';
import { count } from '../words/numbers.ts';
import { money } from '../words/money.ts';
import { vocabulary } from '../words/vocabulary/index.ts';

/** Words in a query that make the synthetic search behave in a special way. */
export const QUERY_MARKERS = {
  /** A query with this word finds nothing. */
  nothing: 'zzzznothing',
  /** This word is taken for a typing error of the next one. */
  misspelt: 'mispeled',
  corrected: 'misspelled',
} as const;

/** Result pages a query has. */
export const RESULT_PAGES = 7;
const ORGANIC_PER_PAGE = 16;

/** What a search asked for. */
export interface SearchInput {
  readonly domain: Domain;
  readonly language: Language;
  readonly query: string;
  /** From 1. */
  readonly page: number;
  /** The `s` of the address, or null. */
  readonly sort: string | null;
}

/** One result page: the truth, and what the page shows around it. */
export interface SyntheticSearch extends SearchInput {
  /** What a careful shopper reads off the page. */
  readonly read: ReadSearchPage;
  /** The cards as the page writes them, with the products behind them, in page order. */
  readonly cards: readonly { readonly card: PageCard; readonly product: Neighbour }[];
  /** Products of the rails between the cards: they are no results. */
  readonly rail: readonly Neighbour[];
  readonly total: number;
}

/** A result page. Pure: the same arguments give the same page on every machine and at any time. */
export function describeSearch(input: SearchInput): SyntheticSearch {
  const { domain, language, query, page } = input;
  const nothing = query.toLowerCase().includes(QUERY_MARKERS.nothing);
  const corrected = query.includes(QUERY_MARKERS.misspelt)
    ? query.replaceAll(QUERY_MARKERS.misspelt, QUERY_MARKERS.corrected)
    : null;
  const searched = (corrected ?? query).toLowerCase().replace(/\s+/g, ' ');
  const random = randomOf('search', domain, searched);
  const total = random.pick([random.int(117, 900), random.int(1, 60) * 1000]);
  const asins = (seed: string, n: number): string[] => {
    const chance = randomOf('results', domain, searched, seed);
    return Array.from({ length: n }, () => `B0${chance.text(ALPHANUMERIC, 8)}`);
  };
  const product = (asin: string): Neighbour => neighbour(domain, language, asin);
  const empty = nothing || page > RESULT_PAGES;
  const organic = empty ? [] : organicOf(input, asins('organic', RESULT_PAGES * ORGANIC_PER_PAGE));
  const sponsored = empty ? [] : asins(`sponsored ${page}`, 2 + (page % 3)).map(product);
  const cards = [
    ...sponsored.slice(0, 2).map((one) => cardOf(input, one, true)),
    ...organic.slice(0, 9).map((one) => cardOf(input, one, false)),
    ...sponsored.slice(2).map((one) => cardOf(input, one, true)),
    ...organic.slice(9).map((one) => cardOf(input, one, false)),
  ];
  const words = vocabulary(language);
  return {
    ...input,
    cards,
    total,
    rail: asins(`rail ${page}`, 6).map(product),
    read: cleaned<ReadSearchPage>({
      language,
      total_results: empty ? null : total,
      total_results_string: empty ? null : resultsLine(language, page, total).text,
      no_results: nothing,
      corrected_query: corrected,
      products: cards.map(({ card }) => card),
      related_searches: empty
        ? []
        : random.sample([...words.colors, ...words.materials], 5).map((word) => `${searched} ${word}`),
    }),
  };
}

/** The results of one page; only a sort has to look at all of them. */
function organicOf({ domain, language, page, sort }: SearchInput, asins: readonly string[]): Neighbour[] {
  const product = (asin: string): Neighbour => neighbour(domain, language, asin);
  const compare = order(domain, sort);
  const [from, to] = [(page - 1) * ORGANIC_PER_PAGE, page * ORGANIC_PER_PAGE];
  return compare === null ? asins.slice(from, to).map(product) : asins.map(product).toSorted(compare).slice(from, to);
}

/** How the results of a sort stand; null: as they come. Cards without a price come last when prices are sorted. */
function order(domain: Domain, sort: string | null): ((a: Neighbour, b: Neighbour) => number) | null {
  const price = (one: Neighbour): number => (isBuyable(one.facts.state) ? one.facts.price : Number.NaN);
  const byPrice = (direction: 1 | -1) => (a: Neighbour, b: Neighbour) => {
    const [left, right] = [price(a), price(b)];
    if (Number.isNaN(left) || Number.isNaN(right)) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
    return direction * (left - right);
  };
  if (sort === SORTS.price_asc) return byPrice(1);
  if (sort === SORTS.price_desc) return byPrice(-1);
  if (sort === SORTS.newest) return (a, b) => ageOf(domain, a.asin) - ageOf(domain, b.asin);
  if (sort === SORTS.avg_customer_review) return (a, b) => (b.facts.rating?.stars ?? 0) - (a.facts.rating?.stars ?? 0);
  return null;
}

const rangeOf = (page: number, total: number): { from: number; to: number } => {
  const from = (page - 1) * ORGANIC_PER_PAGE + 1;
  return { from, to: Math.min(total, from + ORGANIC_PER_PAGE - 1) };
};

/** Stands for the query where a line is cut around it. */
const QUERY = '\u0001';

/** The line over the results: what stands before the query, and the same without the word that leads to it. */
export interface ResultsLine {
  readonly before: string;
  readonly text: string;
}

/** "17-32 of over 4,000 results for", "17-32 of over 4,000 results". */
export function resultsLine(language: Language, page: number, total: number): ResultsLine {
  const { from, to } = rangeOf(page, total);
  const key = resultsKey(total);
  const values = { from: count(language, from), to: count(language, to), total: count(language, total) };
  const plain = sayWith(language, key, values);
  const [before = '', after = ''] = (sayWith(language, key, { ...values, query: QUERY }) ?? '').split(QUERY);
  const line = before.trim();
  // Where the query comes first the page shows the line without it, and the query after that.
  if (plain !== null && (after !== '' || line === '' || line === plain)) return { before: plain, text: plain };
  return { before: line, text: line.replace(/\s+\S+$/, '') };
}

const resultsKey = (total: number): 'overResults' | 'resultsCount' => (total >= 1000 ? 'overResults' : 'resultsCount');

function cardOf({ domain, language }: SearchInput, product: Neighbour, sponsored: boolean) {
  const { asin, title, facts } = product;
  const { currency } = marketplace(domain);
  const offer = offerOf(domain, language, asin, facts);
  const buyable = isBuyable(facts.state);
  const random = ownRandom(domain, asin, 'card');
  const best = ranksOf(domain, language, asin, facts)[1]?.rank === 1;
  const choice = !best && random.chance(0.08);
  const branded = facts.thing === 'shirt' || facts.thing === 'backpack';
  const card: PageCard = {
    asin,
    title,
    url: absolute(domain, `/dp/${asin}`),
    image: imageUrl(facts.imageIds[0] ?? '', 'AC_UL320'),
    price: buyable ? facts.price : null,
    price_string: buyable ? money(language, currency, facts.price).text : null,
    price_strikethrough: buyable ? (facts.strike?.price ?? null) : null,
    highest_price: null,
    currency: buyable ? currency : null,
    unit_price: offer.unitPrice,
    rating: facts.rating?.stars ?? null,
    reviews_count: facts.rating?.count ?? null,
    sales_volume: offer.salesVolume,
    is_prime: offer.prime,
    is_amazons_choice: choice,
    best_seller: best,
    is_sponsored: sponsored,
    coupon: offer.coupon,
    delivery: offer.deliveries[0]?.text ?? null,
    brand: branded ? facts.brand : null,
    variations_count: facts.family === null ? null : facts.family.members.length - 1,
    badges: [
      ...(best ? [say(language, 'bestSeller', { category: shelvesOf(domain, language, facts, asin)[1].name })] : []),
      ...(choice ? [say(language, 'overallPick')] : []),
    ],
  };
  return { card, product };
}
