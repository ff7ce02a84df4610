import type { WordKey } from './types.ts';

/**
 * Which variable parts the phrases of a key have. Keys that are not listed have none.
 * `all`: the first phrase of every language holds exactly these; the other phrases may lack some or hold one of `some`.
 */
interface PlaceholderRow {
  readonly all: readonly string[];
  readonly some?: readonly string[];
}

export const PLACEHOLDERS = {
  onlyLeft: { all: ['n'] },
  backorder: { all: ['date'] },
  shipsWithin: { all: ['date'] },
  preorder: { all: [], some: ['date'] },
  shipsFromAndSoldBy: { all: ['seller'] },
  fulfilledByAmazon: { all: [], some: ['seller'] },
  unitPer: { all: ['price', 'unit'] },
  fromPrice: { all: ['price'] },
  visitStore: { all: ['brand'] },
  byLine: { all: ['author'] },
  outOfStars: { all: ['n'] },
  ratings: { all: ['n'] },
  answeredQuestions: { all: ['n'] },
  reviewedIn: { all: ['country', 'date'] },
  helpful: { all: ['n'] },
  histogramStars: { all: ['stars', 'percent'] },
  boughtPastMonth: { all: ['n'] },
  rankIn: { all: ['rank', 'category'] },
  seeTop100: { all: ['category'] },
  freeDelivery: { all: [], some: ['date'] },
  delivery: { all: ['date'], some: ['price'] },
  fastestDelivery: { all: ['date'], some: ['price'] },
  deliverTo: { all: ['place'], some: ['name'] },
  orderWithin: { all: ['time'] },
  coupon: { all: ['amount'] },
  endsIn: { all: ['time'] },
  bestSeller: { all: [], some: ['category'] },
  newUsedFrom: { all: ['n'], some: ['price'] },
  returnable: { all: [], some: ['date'] },
  resultsCount: { all: ['from', 'to', 'total'], some: ['query'] },
  overResults: { all: ['from', 'to', 'total'], some: ['query'] },
  noResults: { all: ['query'] },
  showingResultsFor: { all: ['query'] },
  didYouMean: { all: ['query'] },
  moreOptions: { all: ['n'] },
} as const satisfies Partial<Record<WordKey, PlaceholderRow>>;

/** Placeholders that stand for a number: they match only digits with their marks and a short multiplier word. */
export const NUMBER_PLACEHOLDERS: ReadonlySet<string> = new Set([
  'n',
  'rank',
  'total',
  'from',
  'to',
  'stars',
  'percent',
]);
