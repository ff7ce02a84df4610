import { marketplace, type Domain, type Language, type ProductItem } from '@asa/contract';
import { say } from '../page/text.ts';
import { addDays, countryName, decimal, languageName, longDate } from '../words/numbers.ts';
import { DEPARTMENTS, THINGS, vocabulary } from '../words/vocabulary/index.ts';
import { PUBLISHERS, TODAY } from './catalogue.ts';
import { familyRandom, ownRandom, type Facts } from './facts.ts';
import { gramsOf, weightText } from './goods.ts';
import { eanCheck, isbn13 } from './identity.ts';
import { WORKS } from './works.ts';

/** The rows of the details lists and everything that is read from them. */
export interface Details {
  /** `tables`: a technical table and a general one; `bullets`: one list; `audible`: one table. Works say which. */
  readonly layout: 'tables' | 'bullets' | 'audible';
  readonly technical: Readonly<Record<string, string>>;
  readonly general: Readonly<Record<string, string>>;
  /** Null for what is no thing to hold. */
  readonly dimensions: string | null;
  readonly weight: string | null;
  readonly available: string | null;
  readonly gtins: ProductItem['gtins'];
}

/** Days since a product came to the shop. */
export const ageOf = (domain: Domain, asin: string): number => ownRandom(domain, asin, 'age').int(60, 2600);

export function detailsOf(domain: Domain, language: Language, asin: string, facts: Facts): Details {
  const shared = familyRandom(domain, asin, 'details');
  const own = ownRandom(domain, asin, 'details');
  const n = (value: number): string => decimal(language, value);
  const dimensions = `${n(shared.int(40, 600) / 10)} x ${n(shared.int(40, 400) / 10)} x ${n(shared.int(10, 300) / 10)} cm`;
  const weight = weightText(language, gramsOf(facts) ?? shared.int(12, 250) * 10);
  const day = addDays(TODAY, -ageOf(domain, asin));
  const row = (key: Parameters<typeof say>[1], value: string): Record<string, string> => ({
    [say(language, key)]: value,
  });

  if (facts.kind === 'book') {
    const thirteen = isbn13(asin);
    return {
      layout: 'bullets',
      technical: {},
      general: {
        ...row('publisherLabel', `${shared.pick(PUBLISHERS)} (${longDate(language, day)})`),
        ...row('languageLabel', languageName(language, language.slice(0, 2))),
        ...row('isbn10Label', asin),
        ...row('isbn13Label', thirteen),
        ...row('itemWeightLabel', weight),
        ...row('productDimensionsLabel', dimensions),
      },
      dimensions,
      weight,
      available: null,
      gtins: [
        { type: 'isbn10', value: asin },
        { type: 'isbn13', value: thirteen.replace('-', '') },
      ],
    };
  }

  if (facts.kind !== 'physical') {
    const { tangible, details: layout } = WORKS[facts.kind];
    return {
      layout,
      technical: {},
      general: {
        ...row('publisherLabel', shared.pick(PUBLISHERS)),
        ...row('languageLabel', languageName(language, language.slice(0, 2))),
        ...row('asinLabel', asin),
        ...(tangible ? { ...row('itemWeightLabel', weight), ...row('productDimensionsLabel', dimensions) } : {}),
      },
      dimensions: tangible ? dimensions : null,
      weight: tangible ? weight : null,
      available: null,
      gtins: [],
    };
  }

  const digits = `40${own.text('0123456789', 10)}`;
  const ean = own.chance(0.6) ? `${digits}${eanCheck(digits)}` : null;
  return {
    layout: shared.chance(0.6) ? 'tables' : 'bullets',
    technical: {
      ...row('manufacturerLabel', facts.brand),
      ...row('modelNumberLabel', facts.model),
      ...row('productDimensionsLabel', dimensions),
      ...row('itemWeightLabel', weight),
      ...row('countryOfOriginLabel', countryName(language, shared.pick(['PT', 'CN', 'VN', 'DE', 'IN']))),
      ...(ean === null ? {} : row('eanLabel', ean)),
    },
    general: { ...row('asinLabel', asin), ...row('dateFirstAvailableLabel', longDate(language, day)) },
    dimensions,
    weight,
    available: day,
    gtins: ean === null ? [] : [{ type: 'ean', value: ean }],
  };
}

export interface Shelf {
  readonly name: string;
  readonly node: number;
  readonly path: string;
}

/** From the department down to the shelf, the same for every product on it. */
export function shelvesOf(domain: Domain, language: Language, facts: Facts, asin: string): readonly [Shelf, Shelf] {
  const words = vocabulary(language);
  const genre = familyRandom(domain, asin, 'genre').int(0, 2);
  const department = DEPARTMENTS.indexOf(facts.thing === null ? 'books' : THINGS[facts.thing]);
  const names = [
    words.departments[department] ?? '',
    facts.thing === null ? (words.genres[genre] ?? '') : words.things[facts.thing][1],
  ];
  const node = 1000 + department * 100;
  const leaf = node + 1 + (facts.thing === null ? genre : Object.keys(THINGS).indexOf(facts.thing));
  const shelf = (name: string, n: number): Shelf => ({ name, node: n, path: `/b?node=${n}` });
  return [shelf(names[0] ?? '', node), shelf(names[1] ?? '', leaf)];
}

/** Where the page says it delivers to: the marketplace's own country. */
export const deliveredTo = (domain: Domain, language: Language): string =>
  countryName(language, marketplace(domain).country);
